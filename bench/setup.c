#include "bench/setup.h"

#include "bench/disk.h"
#include "commit.h"

#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xxhash.h>
#include <zmq.h>

enum { TEXT_BYTES = DISK_TEXT_BYTES };

/* -- the machine ------------------------------------------------------------------------------- */

static void cpu_model(char text[TEXT_BYTES])
{
    static const char name[] = "model name";
    char line[TEXT_BYTES];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(text, TEXT_BYTES, "unknown");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, name, strlen(name)) != 0 || colon == NULL)
            continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(text, TEXT_BYTES, "%s", colon + 1 + strspn(colon + 1, " "));
        break;
    }
    fclose(file);
}

static void kernel(char text[TEXT_BYTES])
{
    struct utsname name;
    if (uname(&name) == 0)
        snprintf(text, TEXT_BYTES, "%.100s %.200s", name.sysname, name.release);
    else
        snprintf(text, TEXT_BYTES, "unknown");
}

/* -- the program ------------------------------------------------------------------------------- */

static json_t *versions(void)
{
    char text[TEXT_BYTES];
    int major, minor, patch;
    json_t *all = json_object();
    zmq_version(&major, &minor, &patch);
    snprintf(text, sizeof text, "%d.%d.%d", major, minor, patch);
    json_object_set_new(all, "libzmq", json_string(text));
    mdb_version(&major, &minor, &patch);
    snprintf(text, sizeof text, "%d.%d.%d", major, minor, patch);
    json_object_set_new(all, "lmdb", json_string(text));
    json_object_set_new(all, "protobuf-c", json_string(protobuf_c_version()));
    snprintf(text, sizeof text, "%u", XXH_versionNumber());
    json_object_set_new(all, "xxhash", json_string(text));
    json_object_set_new(all, "jansson", json_string(JANSSON_VERSION));
    json_object_set_new(all, "compiler", json_string(__VERSION__));
    return all;
}

static void hash_text(const uint8_t hash[POLICY_HASH_BYTES], char text[2 * POLICY_HASH_BYTES + 1])
{
    for (size_t i = 0; i < POLICY_HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
}

static void set_options(const struct bench *bench, json_t *setup)
{
    const struct bench_options *options = bench->options;
    char policy[2 * POLICY_HASH_BYTES + 1];
    hash_text(bench->policy->hash, policy);
    json_object_set_new(setup, "seed", json_integer((json_int_t)options->seed));
    json_object_set_new(setup, "threads", json_integer(options->threads));
    json_object_set_new(setup, "per_message", json_integer(bench->per_message));
    json_object_set_new(setup, "text_only", json_boolean(options->text_only));
    json_object_set_new(setup, "window", json_integer(bench->window));
    json_object_set_new(setup, "rate", json_real(options->rate));
    json_object_set_new(setup, "compress", json_real(bench->compress));
    json_object_set_new(setup, "years", json_integer(bench->years));
    json_object_set_new(setup, "durability", json_string("fdatasync before every acknowledgement"));
    json_object_set_new(setup, "city", json_string(options->city));
    json_object_set_new(setup, "policy", json_string(policy));
}

json_t *setup_json(const struct bench *bench)
{
    char text[TEXT_BYTES];
    json_t *setup = json_object();
    cpu_model(text);
    json_object_set_new(setup, "machine", json_string(text));
    json_object_set_new(setup, "cores", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
    kernel(text);
    json_object_set_new(setup, "kernel", json_string(text));
    disk_describe(bench->options->directory, text);
    json_object_set_new(setup, "disk", json_string(text));
    json_object_set_new(setup, "commit", json_string(LIANXIN_COMMIT));
    json_object_set_new(setup, "versions", versions());
    set_options(bench, setup);
    return setup;
}
