/* serve - running an engine in this process, for whoever has its options. */
#ifndef TOOLS_SERVE_H
#define TOOLS_SERVE_H

#include "engine/engine.h"

/* Runs it until SIGTERM or SIGINT, reloads at SIGHUP, and returns the exit code. No thread may have
 * been started before. */
int serve(const struct engine_options *chosen);

#endif
