// An exporter that keeps nothing: acknowledges what it has read and notes when, so that the gateway is measured.
//
//     null_exporter FILE
//
// For each acknowledgement one line goes to FILE, mostly a FIFO: CLOCK_MONOTONIC in nanoseconds, records so far, bytes of
// records so far.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CAPACITY = 32 << 20 };  // Twice the greatest frame of the protocol.
enum { RECORD_FRAME = 0x12, STOP_FRAME = 0x22, POSITION = 0x08, BODY = 0x12 };

static uint8_t buffer[CAPACITY];
static size_t start, end;
static uint64_t position, records, bytes;

// Reads a varint at *at, which it moves behind it; 0 when the input ends before.
static int varint(size_t *at, size_t limit, uint64_t *value) {
    *value = 0;
    for (int shift = 0; *at < limit && shift < 64; shift += 7) {
        uint8_t byte = buffer[(*at)++];
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return 1;
    }
    return 0;
}

static void say(const void *text, size_t length) {
    if (write(STDOUT_FILENO, text, length) != (ssize_t)length) exit(74);
}

// Takes one Record message between `at` and `limit`: field 1 is its position, field 2 its bytes.
static void take_record(size_t at, size_t limit) {
    while (at < limit) {
        uint8_t tag = buffer[at++];
        uint64_t value;
        if (!varint(&at, limit, &value)) exit(65);
        if (tag == POSITION) position = value;
        if (tag == BODY) {
            bytes += value;
            at += value;
        }
    }
    records++;
}

// Takes every whole frame in the buffer; 1 when one of them was Stop.
static int take_frames(void) {
    for (;;) {
        size_t at = start;
        uint64_t length, body;
        if (!varint(&at, end, &length) || length > end - at) return 0;
        size_t limit = at + length;
        start = limit;
        if (length == 0) continue;
        uint8_t tag = buffer[at++];
        if (tag == STOP_FRAME) return 1;
        if (tag == RECORD_FRAME && varint(&at, limit, &body)) take_record(at, limit);
    }
}

static void acknowledge(int journal) {
    static uint64_t acknowledged;
    if (position == acknowledged) return;
    acknowledged = position;
    uint8_t frame[16], number[10];
    size_t length = 0;
    uint64_t rest = position;
    do {
        number[length++] = (uint8_t)(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0);
        rest >>= 7;
    } while (rest);
    // ExporterFrame { ack = 2: Ack { position = 1 } }
    frame[0] = (uint8_t)(length + 3), frame[1] = 0x12, frame[2] = (uint8_t)(length + 1), frame[3] = 0x08;
    memcpy(frame + 4, number, length);
    say(frame, length + 4);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    dprintf(journal, "%lld %llu %llu\n", now.tv_sec * 1000000000LL + now.tv_nsec, (unsigned long long)records,
            (unsigned long long)bytes);
}

static int fill(void) {
    if (start > 0 && (start == end || end > CAPACITY / 2)) {
        memmove(buffer, buffer + start, end - start);
        end -= start;
        start = 0;
    }
    ssize_t count = read(STDIN_FILENO, buffer + end, CAPACITY - end);
    if (count > 0) end += (size_t)count;
    return count > 0;
}

int main(int count, char **arguments) {
    int journal = count == 2 ? open(arguments[1], O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (journal < 0) return 64;
    uint8_t *line_end = NULL;
    while (line_end == NULL && fill()) line_end = memchr(buffer, '\n', end);
    if (line_end == NULL) return 0;
    start = (size_t)(line_end + 1 - buffer);
    static const char ready[] =
        "{\"ready\":{\"protocol\":1,\"name\":\"null\",\"version\":\"1\",\"encoding\":\"protobuf\"}}\n";
    say(ready, sizeof ready - 1);
    int stopped = 0;
    do {
        stopped = take_frames();
        acknowledge(journal);
    } while (!stopped && fill());
    return 0;
}
