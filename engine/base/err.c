#include "base/err.h"

const char *err_name(enum err err)
{
    switch (err) {
    case OK:
        return "ok";
    case ERR_NOT_FOUND:
        return "not found";
    case ERR_INVALID:
        return "invalid";
    case ERR_BUSY:
        return "in use";
    case ERR_FULL:
        return "full";
    case ERR_IO:
        return "input/output error";
    case ERR_UNKNOWN:
        return "outcome unknown";
    case ERR_DAMAGED:
        return "damaged";
    case ERR_TIMEOUT:
        return "no answer in time";
    }
    return "unknown error";
}
