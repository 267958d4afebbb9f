#ifndef CFUZZMAIN_H
#define CFUZZMAIN_H

// Hands over to libFuzzer's driver, with LLVMFuzzerTestOneInput of the program that this is linked into.
int FuzzMain(int argc, char **argv);

#endif
