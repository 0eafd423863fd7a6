#include "SetPass.hpp"

namespace bursar {

namespace {

int header_field(bursar_text key) {
    if (is_text(key, "accounting_date")) { return BURSAR_FIELD_ACCOUNTING_DATE; }
    if (is_text(key, "batch_name")) { return BURSAR_FIELD_BATCH_NAME; }
    if (is_text(key, "billing_type")) { return BURSAR_FIELD_BILLING_TYPE; }
    if (is_text(key, "posting_type")) { return BURSAR_FIELD_POSTING_TYPE; }
    if (is_text(key, "record_count")) { return BURSAR_FIELD_RECORD_COUNT; }
    if (is_text(key, "source_batch_id")) { return BURSAR_FIELD_SOURCE_BATCH_ID; }
    if (is_text(key, "source_name")) { return BURSAR_FIELD_SOURCE_NAME; }
    if (is_text(key, "total_amount")) { return BURSAR_FIELD_TOTAL_AMOUNT; }
    if (is_text(key, "transactions")) { return BURSAR_FIELD_TRANSACTIONS; }
    return BURSAR_FIELD_UNKNOWN;
}

int transaction_field(bursar_text key) {
    switch (key.length) {
        case 6: return is_text(key, "amount") ? BURSAR_FIELD_AMOUNT : BURSAR_FIELD_UNKNOWN;
        case 10: return is_text(key, "account_id") ? BURSAR_FIELD_ACCOUNT_ID : BURSAR_FIELD_UNKNOWN;
        case 11:
            if (is_text(key, "detail_code")) { return BURSAR_FIELD_DETAIL_CODE; }
            return is_text(key, "description") ? BURSAR_FIELD_DESCRIPTION : BURSAR_FIELD_UNKNOWN;
        case 21:
            return is_text(key, "source_transaction_id") ? BURSAR_FIELD_SOURCE_TRANSACTION_ID
                                                         : BURSAR_FIELD_UNKNOWN;
        case 23:
            return is_text(key, "source_transaction_date") ? BURSAR_FIELD_SOURCE_TRANSACTION_DATE
                                                           : BURSAR_FIELD_UNKNOWN;
        default: return BURSAR_FIELD_UNKNOWN;
    }
}

}  // namespace

SetPass::SetPass(const Document &document, Columns &columns, Faults &faults)
    : document_(document), columns_(columns), faults_(faults), buffer_(document.buffer),
      places_(document.structure.places), token_count_(document.structure.count) {}

template <typename Member> bool SetPass::object(Member member) {
    token_++;
    if (at(token_) == '}') {
        token_++;
        return true;
    }
    while (true) {
        if (at(token_) != '"' || at(token_ + 1) != ':') { return false; }
        const bursar_text key = inside(token_);
        token_ += 2;
        if (!member(key)) { return false; }
        const char c = at(token_++);
        if (c == '}') { return true; }
        if (c != ',') { return false; }
    }
}

bool SetPass::run() {
    if (at(token_) != '{') {
        if (is_malformed(token_)) { return false; }
        return wrong_type(BURSAR_FIELD_DOCUMENT) && token_ == token_count_;
    }
    if (!object([this](bursar_text key) { return header_member(key); })) { return false; }
    report_missing(header_seen_, BURSAR_FIELD_ACCOUNTING_DATE, BURSAR_FIELD_TRANSACTIONS);
    set_.count = rows_;
    set_.amounts = columns_.amounts.data();
    set_.days = columns_.days.data();
    set_.account_ids = columns_.account_ids.data();
    set_.detail_codes = columns_.detail_codes.data();
    set_.descriptions = columns_.descriptions.data();
    set_.source_transaction_ids = columns_.ids.data();
    set_.source_transaction_dates = columns_.dates.data();
    set_.sum = static_cast<int64_t>(sum_);
    set_.sum_fits = set_.sum == sum_;
    return token_ == token_count_;
}

bool SetPass::header_member(bursar_text key) {
    bursar_text name = key;
    int field = header_field(name);
    if (field == BURSAR_FIELD_UNKNOWN && unescaped(name) == 0) { field = header_field(name); }
    if (field == BURSAR_FIELD_UNKNOWN) {
        faults_.add(BURSAR_SET_UNKNOWN_FIELD, field, -1, key);
        return skip();
    }
    const unsigned bit = 1u << field;
    if ((header_seen_ & bit) != 0) { return refuse(BURSAR_SET_DUPLICATE_KEY, field); }
    header_seen_ |= bit;
    return header_value(field);
}

bool SetPass::header_value(int field) {
    switch (field) {
        case BURSAR_FIELD_ACCOUNTING_DATE:
            return date(field, set_.accounting_date, set_.accounting_day);
        case BURSAR_FIELD_BATCH_NAME: return text(field, 0, 200, set_.batch_name);
        case BURSAR_FIELD_BILLING_TYPE: return billing_type();
        case BURSAR_FIELD_POSTING_TYPE: return posting_type();
        case BURSAR_FIELD_RECORD_COUNT: return record_count();
        case BURSAR_FIELD_SOURCE_BATCH_ID: return text(field, 0, 200, set_.source_batch_id);
        case BURSAR_FIELD_SOURCE_NAME: return text(field, 0, 100, set_.source_name);
        case BURSAR_FIELD_TOTAL_AMOUNT: return amount(field, set_.total_amount);
        default: return transactions();
    }
}

bool SetPass::transactions() {
    if (at(token_) != '[') { return wrong_type(BURSAR_FIELD_TRANSACTIONS); }
    if (at(token_ + 1) == ']') { return refuse(BURSAR_SET_EMPTY, BURSAR_FIELD_TRANSACTIONS); }
    columns_.reserve(token_count_ / tokens_of_transaction + 1);
    token_++;
    for (index_ = 0;; index_++) {
        if (!element()) { return false; }
        const char c = at(token_++);
        if (c == ',') { continue; }
        index_ = -1;
        return c == ']';
    }
}

// One element of `transactions`.
bool SetPass::element() {
    if (at(token_) != '{') { return wrong_type(BURSAR_FIELD_TRANSACTION); }
    return (faults_.count == 0 && plain_transaction()) || transaction();
}

bool SetPass::transaction() {
    Row row;
    unsigned seen = 0;
    int order[fields_of_transaction];
    size_t count = 0;
    const bool is_whole = object([&](bursar_text key) {
        const unsigned before = seen;
        if (!transaction_member(key, row, seen)) { return false; }
        if (seen != before) { order[count++] = __builtin_ctz(seen ^ before); }
        return true;
    });
    if (!is_whole) { return false; }
    report_missing(seen, BURSAR_FIELD_AMOUNT, BURSAR_FIELD_SOURCE_TRANSACTION_DATE);
    if (count == fields_of_transaction) { std::memcpy(order_, order, sizeof order); }
    // Only rows of a document without faults are kept, so that its tokens bound their number.
    if (faults_.count == 0) { add_row(row); }
    return true;
}

bool SetPass::transaction_member(bursar_text key, Row &row, unsigned &seen) {
    int field = transaction_field(key);
    if (field == BURSAR_FIELD_UNKNOWN) {
        bursar_text name = key;
        if (unescaped(name) == 0) { field = transaction_field(name); }
    }
    if (field == BURSAR_FIELD_UNKNOWN) {
        faults_.add(BURSAR_SET_UNKNOWN_FIELD, field, index_, key);
        return skip();
    }
    const unsigned bit = 1u << field;
    if ((seen & bit) != 0) { return refuse(BURSAR_SET_DUPLICATE_KEY, field); }
    seen |= bit;
    return transaction_value(field, row);
}

bool SetPass::transaction_value(int field, Row &row) {
    switch (field) {
        case BURSAR_FIELD_AMOUNT: return amount(field, row.amount);
        case BURSAR_FIELD_ACCOUNT_ID: return account_id(row.account_id);
        case BURSAR_FIELD_DESCRIPTION: return text(field, 0, 1000, row.description);
        case BURSAR_FIELD_DETAIL_CODE: return text(field, 1, 16, row.detail_code);
        case BURSAR_FIELD_SOURCE_TRANSACTION_ID: return text(field, 1, 128, row.id);
        default: return date(field, row.date, row.day);
    }
}

void SetPass::report_missing(unsigned seen, int first, int last) {
    for (int field = first; field <= last; field++) {
        if ((seen >> field & 1) != 0) { continue; }
        faults_.add(BURSAR_SET_MISSING, field, index_, {nullptr, 0});
    }
}

}  // namespace bursar
