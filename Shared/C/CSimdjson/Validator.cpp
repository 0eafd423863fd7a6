#include "Validator.hpp"

#include "Text.hpp"

#include <algorithm>
#include <vector>

namespace bursar {

namespace {

// A key of an object that is still open.
struct Key {
    uint64_t hash;
    size_t position;  // of its opening quote
    size_t offset;    // of its text, in the buffer or, if it had escapes, in the arena
    size_t length;
    bool is_in_arena;
};

struct Frame {
    bool is_object;
    size_t first_key;
    size_t arena_size;
};

class Validator {
  public:
    Validator(const char *buffer, size_t length, int max_depth, Leniency leniency)
        : buffer_(buffer), length_(length), leniency_(leniency),
          max_depth_(max_depth < 0 ? 0 : static_cast<size_t>(max_depth)) {}

    int run(size_t *offset) {
        const int fault = document();
        if (fault != BURSAR_JSON_FINE) { *offset = std::min(at_, length_); }
        return fault;
    }

  private:
    const char *buffer_;
    size_t length_;
    Leniency leniency_;
    size_t max_depth_;
    // Where reading stands; after a fault, where that is.
    size_t at_ = 0;
    std::vector<Frame> frames_;
    std::vector<Key> keys_;
    std::vector<char> arena_;

    char peek() {
        while (at_ < length_ && is_blank(buffer_[at_])) { at_++; }
        return at_ < length_ ? buffer_[at_] : '\0';
    }

    int document() {
        if (length_ >= 3 && std::memcmp(buffer_, "\xEF\xBB\xBF", 3) == 0) {
            return BURSAR_JSON_BYTE_ORDER_MARK;
        }
        int fault = value();
        while (fault == BURSAR_JSON_FINE && !frames_.empty()) { fault = next_in_container(); }
        if (fault != BURSAR_JSON_FINE) { return fault; }
        peek();
        return at_ < length_ ? BURSAR_JSON_TRAILING_BYTES : BURSAR_JSON_FINE;
    }

    // Reads a value; of an array or object that is not empty only its beginning, as far as the
    // first element that is neither.
    int value() {
        while (true) {
            const char c = peek();
            if (c != '{' && c != '[') { return scalar(c); }
            if (frames_.size() >= max_depth_) { return BURSAR_JSON_TOO_DEEP; }
            const bool is_object = c == '{';
            frames_.push_back({is_object, keys_.size(), arena_.size()});
            at_++;
            if (peek() == (is_object ? '}' : ']')) { return close(); }
            if (is_object) {
                if (const int fault = key()) { return fault; }
            }
        }
    }

    int scalar(char c) {
        switch (c) {
            case '"': return string(nullptr);
            case 't': return literal("true", 4);
            case 'f': return literal("false", 5);
            case 'n': return literal("null", 4);
            default: return number();
        }
    }

    int next_in_container() {
        const bool is_object = frames_.back().is_object;
        const char c = peek();
        if (c == (is_object ? '}' : ']')) { return close(); }
        if (c != ',') { return BURSAR_JSON_GRAMMAR; }
        at_++;
        if (is_object) {
            if (const int fault = key()) { return fault; }
        }
        return value();
    }

    // Reads a key and its colon.
    int key() {
        if (peek() != '"') { return BURSAR_JSON_GRAMMAR; }
        Key key{0, at_, 0, 0, false};
        if (const int fault = string(&key)) { return fault; }
        if (!leniency_.duplicate_keys) { keys_.push_back(key); }
        if (peek() != ':') { return BURSAR_JSON_GRAMMAR; }
        at_++;
        return BURSAR_JSON_FINE;
    }

    int close() {
        const Frame frame = frames_.back();
        if (frame.is_object) {
            if (const int fault = find_duplicate(frame.first_key)) { return fault; }
        }
        at_++;
        frames_.pop_back();
        keys_.resize(frame.first_key);
        arena_.resize(frame.arena_size);
        return BURSAR_JSON_FINE;
    }

    // Steps over a string, and fills in its text and hash where it is a key.
    int string(Key *key) {
        const size_t begin = ++at_;
        bool has_escapes = false;
        while (true) {
            while (at_ + 8 <= length_ && !is_special(load8(buffer_ + at_))) { at_ += 8; }
            if (at_ >= length_) { return BURSAR_JSON_GRAMMAR; }
            const unsigned char c = static_cast<unsigned char>(buffer_[at_]);
            if (c == '"') { break; }
            if (c < 0x20) { return BURSAR_JSON_CONTROL_CHARACTER; }
            if (c == '\\') {
                has_escapes = true;
                at_ += 2;
            } else if (c < 0x80) {
                at_++;
            } else {
                const auto p = reinterpret_cast<const unsigned char *>(buffer_ + at_);
                const size_t size = utf8_sequence(p, length_ - at_);
                if (size == 0) { return BURSAR_JSON_UTF8; }
                at_ += size;
            }
        }
        const size_t end = at_++;
        if (has_escapes) {
            if (const int fault = check_escapes(begin, end)) { return fault; }
        }
        if (key != nullptr) { note(*key, begin, end, has_escapes); }
        return BURSAR_JSON_FINE;
    }

    int check_escapes(size_t begin, size_t end) {
        const Unescaped result = unescape(buffer_ + begin, end - begin, nullptr);
        const bool is_fine =
            result.fault == EscapeFault::none
            || (result.fault == EscapeFault::lone_surrogate && leniency_.lone_surrogates);
        if (is_fine) { return BURSAR_JSON_FINE; }
        at_ = begin + result.offset;
        const bool is_lone = result.fault == EscapeFault::lone_surrogate;
        return is_lone ? BURSAR_JSON_LONE_SURROGATE : BURSAR_JSON_GRAMMAR;
    }

    void note(Key &key, size_t begin, size_t end, bool has_escapes) {
        key.offset = begin;
        size_t length = end - begin;
        if (has_escapes) {
            key.is_in_arena = true;
            key.offset = arena_.size();
            arena_.resize(key.offset + length);
            length = unescape(buffer_ + begin, length, arena_.data() + key.offset).length;
            arena_.resize(key.offset + length);
        }
        key.length = length;
        key.hash = hash(text(key));
    }

    bursar_text text(const Key &key) const {
        return {(key.is_in_arena ? arena_.data() : buffer_) + key.offset, key.length};
    }

    static uint64_t hash(bursar_text text) {
        constexpr uint64_t factor = 0x9E3779B97F4A7C15;
        uint64_t value = text.length * factor;
        const char *p = text.start;
        size_t left = text.length;
        for (; left >= 8; left -= 8, p += 8) {
            value = (value ^ load8(p)) * factor;
            value ^= value >> 32;
        }
        uint64_t rest = 0;
        if (left > 0) { std::memcpy(&rest, p, left); }
        value = (value ^ rest) * factor;
        return value ^ value >> 29;
    }

    // Equal hashes are decided by the texts, so that made-up collisions cost no more than sorting.
    int find_duplicate(size_t first) {
        const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
        if (keys_.end() - begin < 2) { return BURSAR_JSON_FINE; }
        std::sort(begin, keys_.end(), [this](const Key &a, const Key &b) {
            if (a.hash != b.hash) { return a.hash < b.hash; }
            const int order = compare(text(a), text(b));
            return order != 0 ? order < 0 : a.position < b.position;
        });
        size_t place = SIZE_MAX;
        for (auto key = begin + 1; key != keys_.end(); ++key) {
            const auto before = key - 1;
            if (key->hash == before->hash && is_equal(text(*key), text(*before))) {
                place = std::min(place, key->position);
            }
        }
        if (place == SIZE_MAX) { return BURSAR_JSON_FINE; }
        at_ = place;
        return BURSAR_JSON_DUPLICATE_KEY;
    }

    int literal(const char *word, size_t size) {
        if (length_ - at_ < size || std::memcmp(buffer_ + at_, word, size) != 0) {
            return BURSAR_JSON_GRAMMAR;
        }
        at_ += size;
        return BURSAR_JSON_FINE;
    }

    int number() {
        const char *p = buffer_ + at_;
        const char *const begin = p;
        bool is_integer;
        const bool is_fine = skip_number(p, buffer_ + length_, is_integer);
        const size_t size = static_cast<size_t>(p - begin);
        if (size > BURSAR_JSON_MAXIMUM_NUMBER_BYTES) { return BURSAR_JSON_NUMBER_TOO_LONG; }
        at_ += size;
        return is_fine ? BURSAR_JSON_FINE : BURSAR_JSON_GRAMMAR;
    }
};

}  // namespace

int validate(const char *buffer, size_t length, int max_depth, Leniency leniency,
             size_t *offset) noexcept {
    return Validator(buffer, length, max_depth, leniency).run(offset);
}

}  // namespace bursar

extern "C" int bursar_json_validate(const char *buffer, size_t length, size_t, int max_depth,
                                    size_t *offset) noexcept {
    return bursar::validate(buffer, length, max_depth, {}, offset);
}
