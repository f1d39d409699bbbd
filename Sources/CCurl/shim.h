#include <curl/curl.h>

// curl_easy_setopt(3) and curl_easy_getinfo(3) take anything: Swift needs one function for each kind of argument.

static inline CURLcode plash_curl_set_number(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode plash_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode plash_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*plash_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode plash_curl_set_receiver(CURL *handle, CURLoption option, plash_curl_receiver receiver) {
  return curl_easy_setopt(handle, option, receiver);
}

typedef int (*plash_curl_progress)(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up);

static inline CURLcode plash_curl_set_progress(CURL *handle, plash_curl_progress progress) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
}

typedef int (*plash_curl_prerequisite)(void *context, char *to, char *from, int to_port, int from_port);

static inline CURLcode plash_curl_set_prerequisite(CURL *handle, plash_curl_prerequisite prerequisite) {
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, prerequisite);
}

// Nil: libcurl does not know.
static inline const char *plash_curl_text(CURL *handle, CURLINFO info) {
  char *value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}

static inline long plash_curl_number(CURL *handle, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}
