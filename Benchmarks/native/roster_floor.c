// What a roster costs at least: a program for one form, written by hand, that checks next to nothing.
//
//     roster_floor ROSTER
//
// It hashes the filing, finds the cells, makes the three keyed hashes of a row and writes as many bytes as the mapping
// yutai.liangzhang-roster gives, into a buffer that is used again and again. It leaves out what makes the records right:
// whether the text is UTF-8, blanks and full-width characters, terms and code tables, spellings of dates, findings and
// their places, totals, limits, anything but a number that is whole. So nothing that does all of that can be as quick, and
// what is between the two is the price of it.
#include <emmintrin.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, ROOM = 4096, CELLS = 17, PROVENANCE = 150, REST = 22, PLACES = 256 };
enum { TOWN = 1, COMMUNITY, COMPOUND, BUILDING, STAIR, NAME, SEX, BORN, ETHNIC, PARTY, SCHOOL, NUMBER, MOBILE, ROLE, START, REMARK };

typedef struct { const uint8_t *at; size_t size; } Text;
// A value that was met before, and its field.
typedef struct { uint8_t value[24], size, length, field[38]; } Place;

static uint8_t input[BLOCK + ROOM], output[4 * BLOCK];
static uint32_t marks[BLOCK];
static uint8_t *out = output;
static Place memo[CELLS][PLACES];
static uint8_t filled[3][64];
static size_t filled_size[3];
static uint64_t rows, lines, written;

static uint64_t rotated(uint64_t x, int by) { return x << by | x >> (64 - by); }

#define ROUND                                                                                       \
    a += b, b = rotated(b, 13) ^ a, a = rotated(a, 32), c += d, d = rotated(d, 16) ^ c,             \
        a += d, d = rotated(d, 21) ^ a, c += b, b = rotated(b, 17) ^ c, c = rotated(c, 32)

// SipHash-2-4 of 128 bits in hexadecimal.
static void keyed(const uint8_t *text, size_t size, uint8_t *hex) {
    uint64_t a = 0x7469686173716475, b = 0x6b617f6d656e6783, c = 0x6b7f62616d677361, d = 0x7b6b696d6c6d7972, word;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        memcpy(&word, text + at, 8);
        d ^= word;
        ROUND, ROUND, a ^= word;
    }
    word = (uint64_t)size << 56;
    for (size_t index = at; index < size; index++) word |= (uint64_t)text[index] << 8 * (index - at);
    d ^= word;
    ROUND, ROUND, a ^= word, c ^= 0xEE;
    ROUND, ROUND, ROUND, ROUND;
    uint64_t hash[2] = {a ^ b ^ c ^ d};
    b ^= 0xDD;
    ROUND, ROUND, ROUND, ROUND;
    hash[1] = a ^ b ^ c ^ d;
    const uint8_t *bytes = (const uint8_t *)hash;
    for (int index = 0; index < 16; index++) {
        hex[2 * index] = "0123456789abcdef"[bytes[index] >> 4];
        hex[2 * index + 1] = "0123456789abcdef"[bytes[index] & 15];
    }
}

// Fields are copied in pieces that are longer than they are: there is room behind them.
static void put(uint8_t tag, Text text) {
    if (text.size == 0 || text.size > 127) return;
    *out++ = tag;
    *out++ = text.size;
    memcpy(out, text.at, 32);
    if (text.size > 32) memcpy(out + 32, text.at + 32, text.size - 32);
    out += text.size;
}

static void put_number(uint64_t number) {
    for (; number > 127; number >>= 7) *out++ = number | 128;
    *out++ = number;
}

static int is_same(const Place *place, Text text) {
    if (place->size != text.size) return 0;
    __m128i one = _mm_loadu_si128((const __m128i *)text.at), other = _mm_loadu_si128((const __m128i *)place->value);
    unsigned differ = ~_mm_movemask_epi8(_mm_cmpeq_epi8(one, other)) & 0xFFFF;
    if (text.size < 16) return !(differ & ((1u << text.size) - 1));
    return !differ && !memcmp(place->value + text.size - 8, text.at + text.size - 8, 8);
}

// A value of a column in which values return.
static void put_known(int column, uint8_t tag, Text text) {
    if (text.size == 0 || text.size > sizeof memo[0][0].value) return put(tag, text);
    uint64_t first, last = 0;
    memcpy(&first, text.at, 8);
    if (text.size < 8) first &= (1ull << 8 * text.size) - 1;
    else memcpy(&last, text.at + text.size - 8, 8);
    Place *place = &memo[column][(first ^ rotated(last, 23) ^ text.size) * 0x9E3779B97F4A7C15 >> 56];
    if (!is_same(place, text)) {
        memcpy(place->value, text.at, place->size = text.size);
        place->field[0] = tag;
        memcpy(place->field + 2, text.at, place->field[1] = text.size);
        place->length = text.size + 2;
    }
    memcpy(out, place->field, sizeof place->field);
    out += place->length;
}

static int is_identity_number(Text text) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    if (text.size != 18) return 0;
    for (int index = 0; index < 17; index++) {
        unsigned digit = text.at[index] - '0';
        if (digit > 9) return 0;
        sum += digit * weights[index];
    }
    return "10X98765432"[sum % 11] == text.at[17];
}

static void put_birth(Text number) {
    const uint8_t *digits = number.at + 6;
    uint8_t date[32] = {digits[0], digits[1], digits[2], digits[3], '-', digits[4], digits[5], '-', digits[6], digits[7]};
    put(0x32, (Text){date, 10});
}

static uint8_t *begin_record(const uint8_t *id) {
    uint8_t *start = out;
    out += 6;
    put(0x0A, (Text){id, 32});
    memset(out, 'p', PROVENANCE);
    out += PROVENANCE;
    *out++ = 0x38, put_number(lines), *out++ = 0x40, put_number(rows);
    memset(out, 'p', REST);
    out += REST;
    return start;
}

static void end_record(uint8_t *start) {
    start[0] = (out - start) | 128, start[1] = (out - start) >> 7;
}

static size_t join(uint8_t *text, const Text *parts, int count) {
    uint8_t *end = text;
    for (int index = 0; index < count; index++) {
        if (index) *end++ = '/';
        size_t size = parts[index].size < 64 ? parts[index].size : 64;
        memcpy(end, parts[index].at, 64);
        end += size;
    }
    return end - text;
}

static void convert(Text *cells) {
    for (int index = 0; index < 3; index++) {
        Text cell = cells[TOWN + index];
        if (cell.size > 0 && cell.size <= 64) memcpy(filled[index], cell.at, 64), filled_size[index] = cell.size;
        cells[TOWN + index] = (Text){filled[index], filled_size[index]};
    }
    Text number = cells[NUMBER];
    if (number.size == 19) number.at++, number.size--;
    if (!is_identity_number(number)) return;
    rows++;
    uint8_t key[512], person[32], place[32], role[32], name[512];
    memcpy(key, "Person identity ", 16);
    memcpy(key + 16, number.at, 18);
    keyed(key, 34, person);
    uint8_t *record = begin_record(person);
    put(0x0A, cells[NAME]), put(0x12, number), put_known(SEX, 0x28, cells[SEX]), put_birth(number);
    put_known(ETHNIC, 0x38, cells[ETHNIC]), put_known(PARTY, 0x40, cells[PARTY]), put_known(SCHOOL, 0x48, cells[SCHOOL]);
    if (cells[MOBILE].size == 11) put(0x5A, cells[MOBILE]);
    end_record(record);

    keyed(key, join(key, cells + TOWN, 5), place);
    memcpy(key, person, 32);
    key[32] = 120;
    memcpy(key + 33, place, 32);
    keyed(key, 65, role);
    record = begin_record(role);
    put(0x12, cells[0]), put(0x0A, (Text){person, 32}), put_known(ROLE, 0x10, cells[ROLE]);
    put_known(COMMUNITY, 0x22, cells[COMMUNITY]), put(0x2A, (Text){place, 32});
    put(0x32, (Text){name, join(name, cells + COMPOUND, 3)});
    put_known(TOWN, 0x3A, cells[TOWN]), put_known(START, 0x42, cells[START]), put(0x4A, cells[REMARK]);
    end_record(record);
    if (out > output + 3 * BLOCK) written += out - output, out = output;
}

// Bits of the 64 bytes at `at`: the ends of cells and rows outside of quotes.
static uint64_t ends(const uint8_t *at, uint64_t *inside) {
    const __m128i comma = _mm_set1_epi8(','), feed = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
    uint64_t found = 0, quotes = 0;
    for (int index = 0; index < 4; index++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(at + 16 * index));
        __m128i either = _mm_or_si128(_mm_cmpeq_epi8(bytes, comma), _mm_cmpeq_epi8(bytes, feed));
        found |= (uint64_t)_mm_movemask_epi8(either) << 16 * index;
        quotes |= (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)) << 16 * index;
    }
    if ((quotes | *inside) == 0) return found;
    for (int by = 1; by < 64; by *= 2) quotes ^= quotes << by;
    quotes ^= *inside;
    *inside = (uint64_t)((int64_t)quotes >> 63);
    return found & ~quotes;
}

// Converts the whole rows of the input; answers how many bytes they have.
static size_t convert_rows(size_t size) {
    size_t count = 0, start = 0;
    uint64_t inside = 0;
    for (size_t at = 0; at < size; at += 64)
        for (uint64_t found = ends(input + at, &inside); found; found &= found - 1)
            marks[count++] = at + __builtin_ctzll(found);
    while (count > 0 && input[marks[count - 1]] != '\n') count--;
    Text cells[64];
    int column = 0;
    for (size_t index = 0; index < count; index++) {
        size_t end = marks[index];
        if (column < 64) cells[column++] = (Text){input + start, end - start};
        start = end + 1;
        if (input[end] != '\n') continue;
        lines++;
        if (cells[column - 1].size && input[end - 1] == '\r') cells[column - 1].size--;
        if (column == CELLS) convert(cells);
        column = 0;
    }
    return start;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int count, char **arguments) {
    int file = count == 2 ? open(arguments[1], O_RDONLY) : -1;
    if (file < 0) return fprintf(stderr, "usage: roster_floor ROSTER\n"), 64;
    double began = seconds();
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    ssize_t got;
    while ((got = read(file, input, BLOCK)) > 0) EVP_DigestUpdate(hash, input, got);
    uint8_t digest[32];
    EVP_DigestFinal_ex(hash, digest, NULL);
    double hashed = seconds();
    lseek(file, 0, SEEK_SET);
    for (size_t kept = 0; (got = read(file, input + kept, BLOCK - kept)) > 0;) {
        size_t size = kept + got, done;
        memset(input + size, 0, 64);
        done = convert_rows(size);
        if (done == 0) return fprintf(stderr, "%s has a row of more than 1 MiB\n", arguments[1]), 65;
        kept = size - done;
        memmove(input, input + done, kept);
    }
    printf("{\"records\": %llu, \"bytes\": %llu, \"hashing\": %.3f, \"converting\": %.3f}\n", 2ull * rows,
           (unsigned long long)(written + (out - output)), hashed - began, seconds() - hashed);
}
