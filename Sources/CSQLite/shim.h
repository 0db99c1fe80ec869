// What Swift cannot call of SQLite (https://www.sqlite.org/c3ref/config.html): functions with variable arguments.
#ifndef RUNBELL_CSQLITE_SHIM_H
#define RUNBELL_CSQLITE_SHIM_H

#include <sqlite3.h>

// SQLite no longer counts its memory, which takes a lock at each allocation and each release. Must be called before the
// first connection is opened; later, it changes nothing.
static inline void csqlite_count_no_memory(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

#endif
