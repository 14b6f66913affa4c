#include "bench/document.h"

#include "base/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static json_t *refuse(struct diag *diag, json_t *object, const char *path, const char *why)
{
    diag_add(diag, path, 0, 0, "%s; a file is wanted that `lianxin bench PROFILE --json` wrote",
             why);
    json_decref(object);
    return NULL;
}

/* Jansson opens files itself, but tells a missing one from a broken one in words only. */
json_t *document_read(const char *path, struct diag *diag)
{
    json_error_t error;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        diag_add(diag, path, 0, 0, "cannot be read: %s", strerror(errno));
        return NULL;
    }
    json_t *object = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (object == NULL) {
        diag_add(diag, path, (uint32_t)error.line, (uint32_t)error.column, "not JSON: %s",
                 error.text);
        return NULL;
    }
    if (!json_is_object(object))
        return refuse(diag, object, path, "no object in { }");
    if (!json_is_string(document_at(object, "profile")))
        return refuse(diag, object, path, "there is no \"profile\", a string");
    return object;
}

json_t *document_at(const json_t *object, const char *path)
{
    const char *point;
    while (object != NULL && (point = strchr(path, '.')) != NULL) {
        object = json_object_getn(object, path, (size_t)(point - path));
        path = point + 1;
    }
    return json_object_get(object, path);
}

double document_number(const json_t *object, const char *path, double otherwise)
{
    const json_t *value = document_at(object, path);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

const char *document_text(const json_t *object, const char *path, char text[DOCUMENT_TEXT_BYTES])
{
    const json_t *value = document_at(object, path);
    if (value == NULL) {
        snprintf(text, DOCUMENT_TEXT_BYTES, "none");
    } else if (json_is_string(value)) {
        snprintf(text, DOCUMENT_TEXT_BYTES, "%s", json_string_value(value));
    } else {
        char *written = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        CHECK(written != NULL);
        snprintf(text, DOCUMENT_TEXT_BYTES, "%s", written);
        free(written);
    }
    return text;
}
