#include "SetReader.hpp"

// The one include of simdjson. Its on-demand front end is not used: it judges neither numbers nor
// what it steps over, and keeps no place for a pointer. Its first stage is the part that is fast,
// and what stands on it here judges every byte.
#include <simdjson.h>

namespace bursar {

struct Indexer::Stage {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

namespace {

// Documents grow the index in steps, so that sets of about one size share it.
constexpr size_t step = 1 << 20;
// A set has a token for every eight bytes or so; memory for more than this is not kept.
constexpr size_t kept_tokens = 16 << 20;

}  // namespace

Indexer::Indexer() : stage_(std::make_unique<Stage>()) {}
Indexer::~Indexer() = default;

bool Indexer::run(const char *buffer, size_t length, Structure &structure) {
    auto &parser = stage_->parser;
    if (parser == nullptr || parser->capacity() < length) {
        const size_t capacity = (length + step - 1) / step * step;
        parser.reset();
        const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, parser);
        if (error == simdjson::MEMALLOC) { std::abort(); }
        if (error != simdjson::SUCCESS) { return false; }
    }
    const auto bytes = reinterpret_cast<const uint8_t *>(buffer);
    if (parser->stage1(bytes, length, simdjson::stage1_mode::regular) != simdjson::SUCCESS) {
        return false;
    }
    structure = {parser->structural_indexes.get(), parser->n_structural_indexes};
    return true;
}

void Indexer::shrink() {
    auto &parser = stage_->parser;
    if (parser != nullptr && parser->n_structural_indexes > kept_tokens) { parser.reset(); }
}

}  // namespace bursar
