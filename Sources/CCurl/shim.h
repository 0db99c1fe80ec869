// libcurl's options are set by a variadic function, which Swift cannot call: one function for each type of value.
#ifndef RUNBELL_CCURL_SHIM_H
#define RUNBELL_CCURL_SHIM_H

#include <curl/curl.h>
#include <stdbool.h>
#include <sys/socket.h>

static inline CURLcode ccurl_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*ccurl_read)(char *buffer, size_t size, size_t count, void *user);
typedef int (*ccurl_trace)(CURL *easy, curl_infotype type, char *data, size_t size, void *user);

static inline CURLcode ccurl_set_reader(CURL *easy, ccurl_read read, void *user) {
    curl_easy_setopt(easy, CURLOPT_READDATA, user);
    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, read);
}

static inline CURLcode ccurl_set_trace(CURL *easy, ccurl_trace trace, void *user) {
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, user);
    return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, trace);
}

static inline const char *ccurl_peer(CURL *easy) {
    char *address = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK ? address : NULL;
}

// For the moment before `curl_easy_cleanup`, which says QUIT and waits for the reply as long as for any other, even after a
// deadline. To a relay that has answered, QUIT is then said but nothing awaited; to another it is not even said.
static inline void ccurl_hang_up(CURL *easy, bool has_answered) {
    curl_socket_t connection = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &connection) == CURLE_OK && connection != CURL_SOCKET_BAD)
        shutdown(connection, has_answered ? SHUT_RD : SHUT_RDWR);
}

#endif
