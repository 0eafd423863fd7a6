// Writes the transactions of a result as seed 001 prints them (contract S1-24).
#include "Text.hpp"

namespace {

template <size_t Size> char *put(char *out, const char (&word)[Size]) {
    std::memcpy(out, word, Size - 1);
    return out + Size - 1;
}

// Copies eight bytes at a time, up to seven more than there are: a document and the reader's own
// memory have them, and so has the room for a transaction.
char *put(char *out, bursar_text text) {
    for (size_t i = 0; i < text.length; i += 8) {
        const uint64_t word = bursar::load8(text.start + i);
        if (bursar::needs_escape(bursar::first_bytes(word, text.length - i, ' '))) {
            return out + bursar_json_escape(text.start, text.length, out);
        }
        std::memcpy(out + i, &word, 8);
    }
    return out + text.length;
}

char *put_transaction(char *out, const bursar_set &set, size_t place) {
    out = put(out, "{\"amount\":");
    out += bursar_amount_write(set.amounts[place], out);
    out = put(out, ",\"account_id\":\"");
    out = put(out, set.account_ids[place]);
    out = put(out, "\",\"detail_code\":\"");
    out = put(out, set.detail_codes[place]);
    out = put(out, "\",\"source_transaction_id\":\"");
    out = put(out, set.source_transaction_ids[place]);
    out = put(out, "\",\"source_transaction_date\":\"");
    out = put(out, set.source_transaction_dates[place]);
    out = put(out, "\",\"description\":\"");
    out = put(out, set.descriptions[place]);
    return put(out, "\"}");
}

}  // namespace

extern "C" size_t bursar_set_write_transactions(const bursar_set *set, size_t *next, char *out,
                                                size_t capacity) noexcept {
    char *o = out;
    size_t place = *next;
    while (place < set->count
           && capacity - static_cast<size_t>(o - out) >= BURSAR_SET_MAXIMUM_TRANSACTION_BYTES) {
        if (place > 0) { *o++ = ','; }
        o = put_transaction(o, *set, place++);
    }
    *next = place;
    return static_cast<size_t>(o - out);
}
