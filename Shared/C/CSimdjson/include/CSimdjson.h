#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int bursar_simdjson_present(void);
#ifdef __cplusplus
}
#endif
