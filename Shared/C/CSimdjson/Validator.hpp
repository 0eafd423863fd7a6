#pragma once

#include "CSimdjson.h"

namespace bursar {

// What a caller tells apart by itself and so lets pass here.
struct Leniency {
    bool duplicate_keys = false;
    bool lone_surrogates = false;
};

int validate(const char *buffer, size_t length, int max_depth, Leniency leniency,
             size_t *offset) noexcept;

}  // namespace bursar
