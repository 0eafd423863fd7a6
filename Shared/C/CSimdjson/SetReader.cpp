#include "SetReader.hpp"

#include "SetPass.hpp"
#include "Validator.hpp"

#include <new>

namespace {

// Arrays and objects inside each other; a set needs three.
constexpr int maximum_depth = 64;

// simdjson counts places in 32 bits.
constexpr size_t maximum_length = (size_t{1} << 32) - 4096;

}  // namespace

struct bursar_set_reader {
    bursar::Indexer indexer;
    bursar::Columns columns;
    bursar::Buffer<char> arena;
    bursar::Buffer<char> padded;
    bursar::Faults faults;

    bursar_set_reading read(const char *buffer, size_t length);

  private:
    bool pass(const char *buffer, size_t length, bursar_set &set);
    bool is_noted(size_t offset, const char *buffer) const;
};

// False where the document has not the structure of JSON.
bool bursar_set_reader::pass(const char *buffer, size_t length, bursar_set &set) {
    bursar::Structure structure;
    if (length == 0 || !indexer.run(buffer, length, structure)) { return false; }
    const bursar::Document document{buffer, length, structure, arena};
    bursar::SetPass pass(document, columns, faults);
    const bool is_whole = pass.run();
    set = pass.set();
    indexer.shrink();
    return is_whole;
}

// Whether the document's first fault stands in a value that has its own fault already.
bool bursar_set_reader::is_noted(size_t offset, const char *buffer) const {
    if (faults.malformed.start == nullptr) { return false; }
    const size_t start = static_cast<size_t>(faults.malformed.start - buffer);
    return offset >= start && offset <= start + faults.malformed.length;
}

bursar_set_reading bursar_set_reader::read(const char *buffer, size_t length) {
    bursar_set_reading reading{};
    faults.count = 0;
    faults.malformed = {nullptr, 0};
    const bool is_whole = pass(buffer, length, reading.set);
    reading.faults = faults.kept;
    reading.fault_count = faults.count;
    if (is_whole && faults.count == 0) { return reading; }
    // What was stepped over is unread: the validator sees all of it. Keys that stand twice and lone
    // surrogates have faults of their own, with pointers.
    const bursar::Leniency leniency{true, true};
    reading.broken =
        bursar::validate(buffer, length, maximum_depth, leniency, &reading.broken_offset);
    const bool is_json =
        reading.broken == BURSAR_JSON_FINE || is_noted(reading.broken_offset, buffer);
    if (is_whole && is_json) {
        reading.outcome = BURSAR_SET_HAS_FAULTS;
        return reading;
    }
    reading.outcome = BURSAR_SET_BROKEN;
    if (reading.broken == BURSAR_JSON_FINE) { reading.broken = BURSAR_JSON_GRAMMAR; }
    return reading;
}

extern "C" bursar_set_reader *bursar_set_reader_create(void) noexcept {
    return new bursar_set_reader;
}

extern "C" void bursar_set_reader_destroy(bursar_set_reader *reader) noexcept { delete reader; }

extern "C" bursar_set_reading bursar_set_read(bursar_set_reader *reader, const char *buffer,
                                              size_t length, size_t capacity) noexcept {
    if (length > maximum_length) {
        bursar_set_reading reading{};
        reading.outcome = BURSAR_SET_TOO_LARGE;
        return reading;
    }
    if (capacity < length + BURSAR_JSON_PADDING) {
        char *const copy = reader->padded.reserve(length + BURSAR_JSON_PADDING);
        if (length > 0) { std::memcpy(copy, buffer, length); }
        std::memset(copy + length, 0, BURSAR_JSON_PADDING);
        buffer = copy;
    }
    return reader->read(buffer, length);
}
