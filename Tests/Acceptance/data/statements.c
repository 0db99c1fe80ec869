/* Loaded before libsqlite3: notes every statement that a program prepares, once, in the file that STATEMENTS names.
   Statements end with a NUL. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*prepare_function)(void *, const char *, int, unsigned, void **, const char **);

enum { PLACES = 1 << 16 };
static uint64_t seen[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int is_new(const char *text, size_t length) {
    uint64_t hash = 14695981039346656037u;
    for (size_t at = 0; at < length; at++) hash = (hash ^ (unsigned char)text[at]) * 1099511628211u;
    for (size_t place = hash % PLACES, tries = 0; tries < PLACES; place = (place + 1) % PLACES, tries++) {
        if (seen[place] == hash) return 0;
        if (seen[place] == 0) return seen[place] = hash, 1;
    }
    return 0;
}

static void note(const char *text, size_t length) {
    const char *path = getenv("STATEMENTS");
    if (path == NULL || length == 0) return;
    pthread_mutex_lock(&lock);
    if (is_new(text, length)) {
        int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        char *line = strndup(text, length);
        if (file >= 0 && line != NULL && write(file, line, strlen(line) + 1) < 0) abort();
        free(line);
        if (file >= 0) close(file);
    }
    pthread_mutex_unlock(&lock);
}

int sqlite3_prepare_v3(void *database, const char *text, int length, unsigned flags, void **statement, const char **tail) {
    static prepare_function real;
    if (real == NULL) real = (prepare_function)dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
    const char *end = NULL;
    int code = real(database, text, length, flags, statement, &end);
    if (tail != NULL) *tail = end;
    if (code == 0 && end != NULL) note(text, (size_t)(end - text));
    return code;
}
