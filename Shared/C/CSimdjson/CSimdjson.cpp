#include "CSimdjson.h"
#include <simdjson.h>
extern "C" int bursar_simdjson_present(void) { return 1; }
