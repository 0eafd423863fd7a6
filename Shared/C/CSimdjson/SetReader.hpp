#pragma once

// Reads a posting set from the places that simdjson's first stage finds, in one pass.

#include "CSimdjson.h"

#include <cstdlib>
#include <memory>

namespace bursar {

// Memory that keeps its pages from document to document: fresh ones cost more than reading them
// (a fault each, and zeroing).
template <typename Element> class Buffer {
  public:
    Buffer() = default;
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer() { std::free(elements_); }

    // Room for `count` elements. What was held is lost where it has to grow.
    Element *reserve(size_t count) {
        if (count > capacity_) {
            std::free(elements_);
            capacity_ = count + count / 4;
            elements_ = static_cast<Element *>(std::malloc(capacity_ * sizeof(Element)));
            if (elements_ == nullptr) { std::abort(); }
        }
        return elements_;
    }

    Element *data() const { return elements_; }
    size_t capacity() const { return capacity_; }

    void release() {
        std::free(elements_);
        elements_ = nullptr;
        capacity_ = 0;
    }

  private:
    Element *elements_ = nullptr;
    size_t capacity_ = 0;
};

// Places of a document's tokens: `{ } [ ] : ,`, first quotes of strings, beginnings of other
// scalars.
struct Structure {
    const uint32_t *places;
    size_t count;
};

// simdjson's first stage, which also judges UTF-8, raw control characters and open strings.
class Indexer {
  public:
    Indexer();
    ~Indexer();
    // False where the document is broken; the places then mean nothing.
    bool run(const char *buffer, size_t length, Structure &structure);
    // Gives memory back where a document had so many tokens that no set needs as many.
    void shrink();

  private:
    struct Stage;
    std::unique_ptr<Stage> stage_;
};

struct Columns {
    Buffer<int64_t> amounts;
    Buffer<int32_t> days;
    Buffer<bursar_text> account_ids, detail_codes, descriptions, ids, dates;

    void reserve(size_t count) {
        amounts.reserve(count);
        days.reserve(count);
        account_ids.reserve(count);
        detail_codes.reserve(count);
        descriptions.reserve(count);
        ids.reserve(count);
        dates.reserve(count);
    }
};

}  // namespace bursar
