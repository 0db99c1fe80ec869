// libpq (https://www.postgresql.org/docs/15/libpq.html), and what Swift cannot do with it: character constants and callbacks
// without a context.
#ifndef RUNBELL_CPOSTGRES_SHIM_H
#define RUNBELL_CPOSTGRES_SHIM_H

#include <libpq-fe.h>

// The five characters of a failure's code; NULL when the server did not send one.
static inline const char *cpostgres_state(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }

// The first line of a failure: the detail, which quotes values, is another field.
static inline const char *cpostgres_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

static inline void cpostgres_ignore(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

// libpq would print notices to the standard error.
static inline void cpostgres_ignore_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, cpostgres_ignore, NULL);
}

#endif
