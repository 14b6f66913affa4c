/* sockets - where the engine meets the others: front, a monitor on it, and feed. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "base/diag.h"
#include "engine.h"

struct sockets {
    void *context;
    void *router;  /* front */
    void *monitor; /* a PAIR that hears of disconnections from it */
    void *xpub;    /* feed */
    char front[ENGINE_ENDPOINT_BYTES_MAX], feed[ENGINE_ENDPOINT_BYTES_MAX]; /* as they were bound */
};

/* Makes and binds them. Whatever is wrong with either endpoint goes to diag; close them also then.
 */
MUST_CHECK enum err sockets_open(struct sockets *sockets, const char *front, const char *feed,
                                 struct diag *diag);

/* After those who use them have ended. Zeroed sockets are fine. */
void sockets_close(struct sockets *sockets);

#endif
