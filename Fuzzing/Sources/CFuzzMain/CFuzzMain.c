#include "CFuzzMain.h"

#include <stddef.h>
#include <stdint.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

int FuzzMain(int argc, char **argv) { return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput); }

// The package manager has the executable NAME start at NAME_main.
#define ENTRY(NAME) \
    int NAME##_main(int argc, char **argv) __attribute__((alias("FuzzMain")));

ENTRY(FuzzXML)
ENTRY(FuzzXMLParser)
ENTRY(FuzzCSV)
ENTRY(FuzzSwiftCSV)
ENTRY(FuzzEncodings)
ENTRY(FuzzMappingFiles)
ENTRY(FuzzDocuments)
ENTRY(FuzzFrames)
ENTRY(FuzzRecords)
ENTRY(FuzzMessages)
ENTRY(FuzzContainers)
