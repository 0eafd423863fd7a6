#pragma once

#include "SetReader.hpp"
#include "Text.hpp"

namespace bursar {

// A document whose tokens are known, and where the texts go that differ from their spelling.
struct Document {
    const char *buffer;
    size_t length;
    Structure structure;
    // Taken when the first text needs it.
    Buffer<char> &arena;
};

// Faults of a document: the first hundred, and how many there are.
struct Faults {
    bursar_set_fault kept[BURSAR_SET_MAXIMUM_FAULTS];
    uint64_t count = 0;
    // The first token that is no JSON but stands where a known field has its value.
    bursar_text malformed{nullptr, 0};

    void add(int code, int field, int64_t transaction, bursar_text value) {
        if (count < BURSAR_SET_MAXIMUM_FAULTS) { kept[count] = {code, field, transaction, value}; }
        count++;
    }
};

// Tokens of the shortest transaction that has all fields: braces, six times key, colon and value,
// and five commas.
constexpr size_t tokens_of_transaction = 25;
constexpr size_t fields_of_transaction = 6;

// Limits of texts in bytes.
constexpr size_t maximum_account_bytes = 64;

// One pass over a document's tokens: judges every token that it reads, checks the structure of what
// it steps over, and goes on after a fault of a value.
class SetPass {
  public:
    SetPass(const Document &document, Columns &columns, Faults &faults);

    // False where the document has not the structure of JSON; then nothing else means anything.
    bool run();

    // What was read; whole where there are no faults.
    const bursar_set &set() const { return set_; }

  private:
    // One transaction as far as it was read.
    struct Row {
        int64_t amount = 0;
        int32_t day = 0;
        bursar_text account_id{}, detail_code{}, description{}, id{}, date{};
    };

    // The character of a token, or NUL behind the last.
    char at(size_t token) const { return token < token_count_ ? buffer_[places_[token]] : '\0'; }

    // What a string token has between its quotes. Nothing but blanks stands between the second
    // quote and the next token: anything else would be a token.
    bursar_text inside(size_t token) const {
        const char *const start = buffer_ + places_[token] + 1;
        const char *end = buffer_ + places_[token + 1] - 1;
        while (*end != '"') { end--; }
        return {start, static_cast<size_t>(end - start)};
    }

    // A number or literal without the blanks behind it.
    bursar_text scalar(size_t token) const;
    bool is_malformed(size_t token) const;
    template <typename Member> bool object(Member member);
    bool skip();

    bool header_member(bursar_text key);
    bool header_value(int field);
    bool transactions();
    bool element();
    bool transaction();
    bool transaction_member(bursar_text key, Row &row, unsigned &seen);
    bool transaction_value(int field, Row &row);
    void add_row(const Row &row) {
        const size_t place = rows_++;
        columns_.amounts.data()[place] = row.amount;
        columns_.days.data()[place] = row.day;
        columns_.account_ids.data()[place] = row.account_id;
        columns_.detail_codes.data()[place] = row.detail_code;
        columns_.descriptions.data()[place] = row.description;
        columns_.ids.data()[place] = row.id;
        columns_.dates.data()[place] = row.date;
        sum_ += row.amount;
    }
    // Reads a transaction of the common shape; false, with nothing changed, where it has another.
    bool plain_transaction();
    bool plain_member(int field, size_t token, Row &row);
    bool plain_amount(size_t token, int64_t &out) const;
    bool plain_account(size_t token, bursar_text &out) const;
    bool plain_text(size_t token, size_t maximum, bursar_text &out);
    bool plain_date(size_t token, bursar_text &out, int32_t &day);
    void report_missing(unsigned seen, int first, int last);

    // How reading a value went: its fault is noted, or the document's structure is broken.
    enum class Reading { fine, refused, broken };

    // Reads the value at the current token, or notes a fault; false only where structure is broken.
    bool text(int field, size_t minimum, size_t maximum, bursar_text &out);
    bool date(int field, bursar_text &out, int32_t &day);
    bool account_id(bursar_text &out);
    void capitalize(bursar_text &text);
    bool amount(int field, int64_t &out);
    bool record_count();
    bool posting_type();
    bool billing_type();
    bool wrong_type(int field);
    // Notes a fault of the value at the current token and steps over it.
    bool refuse(int code, int field);

    // Judges a string and replaces its escapes; the current token stays where it is if that is
    // fine.
    Reading string(int field, bursar_text &out);
    // Code of what a text must not have, or 0.
    int judge(bursar_text &text);
    int unescaped(bursar_text &text);
    char *arena(size_t length);

    const Document &document_;
    Columns &columns_;
    Faults &faults_;
    const char *const buffer_;
    const uint32_t *const places_;
    const size_t token_count_;
    size_t token_ = 0;
    size_t arena_used_ = 0;
    // Place in `transactions`, -1 outside.
    int64_t index_ = -1;
    size_t rows_ = 0;
    unsigned header_seen_ = 0;
    // The fields of the last transaction that was read the general way, in its order.
    int order_[fields_of_transaction] = {
        BURSAR_FIELD_AMOUNT,      BURSAR_FIELD_ACCOUNT_ID,
        BURSAR_FIELD_DESCRIPTION, BURSAR_FIELD_DETAIL_CODE,
        BURSAR_FIELD_SOURCE_TRANSACTION_ID, BURSAR_FIELD_SOURCE_TRANSACTION_DATE};
    __int128 sum_ = 0;
    bursar_text last_date_{nullptr, 0};
    int32_t last_day_ = 0;
    bursar_set set_{};
};

}  // namespace bursar
