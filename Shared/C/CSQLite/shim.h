#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>
#include <stddef.h>

/* What Swift cannot see of sqlite3.h: variadic functions, and macros that are no numbers. */

/* Before the first connection: no statistics of memory, whose lock all threads would share. */
static inline void csqlite_configure(void) {
    static int done;
    if (!__atomic_exchange_n(&done, 1, __ATOMIC_SEQ_CST)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    }
    sqlite3_initialize();
}

static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes,
                                    size_t count, int copied) {
    return sqlite3_bind_text64(statement, index, bytes ? (const char *)bytes : "", count,
                               copied ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8);
}

static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes,
                                    size_t count, int copied) {
    return sqlite3_bind_blob64(statement, index, bytes ? bytes : (const void *)"", count,
                               copied ? SQLITE_TRANSIENT : SQLITE_STATIC);
}

#endif
