#pragma once

/* Strict JSON for Swift: a validator of whole texts, exact money, the reader of posting sets and
 * the writer of their transactions. All functions are thread-safe on different objects, never throw
 * and keep no pointer to their arguments unless they say so. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define BURSAR_NOEXCEPT noexcept
extern "C" {
#else
#define BURSAR_NOEXCEPT
#endif

/* Readable bytes that a reader may ask for behind the end of a text. */
#define BURSAR_JSON_PADDING 64

/* ---- Validator ---- */

enum bursar_json_fault {
    BURSAR_JSON_FINE = 0,
    BURSAR_JSON_GRAMMAR = 1,
    BURSAR_JSON_UTF8 = 2,
    BURSAR_JSON_BYTE_ORDER_MARK = 3,
    BURSAR_JSON_DUPLICATE_KEY = 4,
    BURSAR_JSON_TOO_DEEP = 5,
    BURSAR_JSON_TRAILING_BYTES = 6,
    BURSAR_JSON_NUMBER_TOO_LONG = 7,
    BURSAR_JSON_LONE_SURROGATE = 8,
    /* A raw control character inside a string. */
    BURSAR_JSON_CONTROL_CHARACTER = 9,
};

/* Longest number in bytes. */
#define BURSAR_JSON_MAXIMUM_NUMBER_BYTES 1000

/* Judges a whole text by RFC 8259 and, beyond it: UTF-8 without a byte order mark, no key twice in
 * one object (an escaped spelling is the same key), at most `max_depth` arrays and objects inside
 * each other, no lone surrogate, numbers of at most 1,000 bytes.
 *
 * Returns 0, or a `bursar_json_fault` and the byte where it stands. `capacity` says how many bytes
 * may be read; `length` is enough, as nothing behind it is. Time is linear but for sorting the keys
 * of one object, memory about 40 bytes a key of the open objects. */
int bursar_json_validate(const char *buffer, size_t length, size_t capacity, int max_depth,
                         size_t *offset) BURSAR_NOEXCEPT;

/* ---- Money ---- */

/* In order of precedence. */
enum bursar_amount_fault {
    BURSAR_AMOUNT_FINE = 0,
    BURSAR_AMOUNT_NOT_A_NUMBER = 1,
    BURSAR_AMOUNT_TOO_LONG = 2,
    BURSAR_AMOUNT_TOO_MANY_DECIMALS = 3,
    BURSAR_AMOUNT_OUT_OF_RANGE = 4,
};

/* Reads a JSON number exactly as a count of cents between -(2^63 - 1) and 2^63 - 1. Returns 0 or a
 * `bursar_amount_fault`. */
int bursar_amount_parse(const char *text, size_t length, int64_t *minor_units) BURSAR_NOEXCEPT;

/* Writes an amount as seed 001 prints it (1198.0, 6599.94, -5.0): at most 24 bytes. Returns their
 * number. */
size_t bursar_amount_write(int64_t minor_units, char *out) BURSAR_NOEXCEPT;

/* ---- Texts ---- */

/* UTF-8 bytes in memory that somebody else owns. */
struct bursar_text {
    const char *start;
    size_t length;
};
typedef struct bursar_text bursar_text;

/* Writes a text as the inside of a JSON string: at most 6 x `length` bytes. Returns their
 * number. */
size_t bursar_json_escape(const char *text, size_t length, char *out) BURSAR_NOEXCEPT;

/* Replaces the escapes of a JSON string's inside; a lone surrogate becomes U+FFFD and a faulty
 * escape stays as it is. Writes at most `length` bytes and returns their number. */
size_t bursar_json_unescape(const char *text, size_t length, char *out) BURSAR_NOEXCEPT;

/* ---- Posting sets ---- */

enum bursar_field {
    BURSAR_FIELD_ACCOUNTING_DATE = 0,
    BURSAR_FIELD_BATCH_NAME,
    BURSAR_FIELD_BILLING_TYPE,
    BURSAR_FIELD_POSTING_TYPE,
    BURSAR_FIELD_RECORD_COUNT,
    BURSAR_FIELD_SOURCE_BATCH_ID,
    BURSAR_FIELD_SOURCE_NAME,
    BURSAR_FIELD_TOTAL_AMOUNT,
    BURSAR_FIELD_TRANSACTIONS,
    BURSAR_FIELD_AMOUNT,
    BURSAR_FIELD_ACCOUNT_ID,
    BURSAR_FIELD_DESCRIPTION,
    BURSAR_FIELD_DETAIL_CODE,
    BURSAR_FIELD_SOURCE_TRANSACTION_ID,
    BURSAR_FIELD_SOURCE_TRANSACTION_DATE,
    /* The whole document, one element of `transactions`, a member that is none of the above. */
    BURSAR_FIELD_DOCUMENT,
    BURSAR_FIELD_TRANSACTION,
    BURSAR_FIELD_UNKNOWN,
};

enum bursar_set_fault_code {
    BURSAR_SET_DUPLICATE_KEY = 1,
    BURSAR_SET_UNKNOWN_FIELD,
    BURSAR_SET_MISSING,
    BURSAR_SET_WRONG_TYPE,
    BURSAR_SET_UNKNOWN_VALUE,
    BURSAR_SET_EMPTY,
    BURSAR_SET_TOO_LONG,
    BURSAR_SET_INVALID_DATE,
    BURSAR_SET_NOT_AN_INTEGER,
    BURSAR_SET_NEGATIVE,
    BURSAR_SET_TOO_MANY_DECIMALS,
    BURSAR_SET_OUT_OF_RANGE,
    BURSAR_SET_CONTROL_CHARACTER,
    BURSAR_SET_BIDI_CONTROL,
    BURSAR_SET_LONE_SURROGATE,
    /* A literal, number or escape that JSON does not know, at a known field. */
    BURSAR_SET_MALFORMED,
};

struct bursar_set_fault {
    int code;
    int field;
    /* Place in `transactions`, or -1. */
    int64_t transaction;
    /* The value's JSON text as written; the key's, still escaped, for an unknown field. */
    bursar_text value;
};
typedef struct bursar_set_fault bursar_set_fault;

/* Most faults that are kept of one document. */
#define BURSAR_SET_MAXIMUM_FAULTS 100

/* A set as columns. Texts are unescaped and point into the document or into the reader. */
struct bursar_set {
    bursar_text accounting_date;
    bursar_text batch_name;
    bursar_text source_batch_id;
    bursar_text source_name;
    int32_t accounting_day; /* days since 1970 */
    bool is_commit;
    bool sum_fits;
    int64_t record_count;
    int64_t total_amount;
    int64_t sum; /* of all amounts, where `sum_fits` */
    size_t count;
    const int64_t *amounts;
    const int32_t *days;
    const bursar_text *account_ids; /* trimmed, upper case */
    const bursar_text *detail_codes;
    const bursar_text *descriptions;
    const bursar_text *source_transaction_ids;
    const bursar_text *source_transaction_dates;
};
typedef struct bursar_set bursar_set;

enum bursar_set_outcome {
    BURSAR_SET_READ = 0,
    BURSAR_SET_HAS_FAULTS = 1,
    /* Not JSON: `broken` and `broken_offset` say why and where. */
    BURSAR_SET_BROKEN = 2,
    /* More bytes than one document may have. */
    BURSAR_SET_TOO_LARGE = 3,
};

struct bursar_set_reading {
    int outcome;
    int broken; /* a `bursar_json_fault` */
    size_t broken_offset;
    /* All faults found, kept or not. */
    uint64_t fault_count;
    const bursar_set_fault *faults;
    bursar_set set;
};
typedef struct bursar_set_reading bursar_set_reading;

typedef struct bursar_set_reader bursar_set_reader;

bursar_set_reader *bursar_set_reader_create(void) BURSAR_NOEXCEPT;
void bursar_set_reader_destroy(bursar_set_reader *reader) BURSAR_NOEXCEPT;

/* Reads a document of which `capacity` bytes are readable; fewer than 64 beyond `length` cost a
 * copy. What it returns is valid until the next call with the same reader, and as long as the
 * document. */
bursar_set_reading bursar_set_read(bursar_set_reader *reader, const char *buffer, size_t length,
                                   size_t capacity) BURSAR_NOEXCEPT;

/* Writes transactions from `*next` on as elements of the result's `transactions`, separated by
 * commas, as many as surely fit into `capacity`, and moves `*next`. Returns the bytes written: 0
 * where not one fits or none is left. */
size_t bursar_set_write_transactions(const bursar_set *set, size_t *next, char *out,
                                     size_t capacity) BURSAR_NOEXCEPT;

/* More than any one transaction of a set that was read takes, even with every byte escaped. */
#define BURSAR_SET_MAXIMUM_TRANSACTION_BYTES 8192

#ifdef __cplusplus
}
#endif
