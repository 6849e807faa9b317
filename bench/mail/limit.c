/* As fast as mail can be sent here: prebuilt bytes, pipelined, over many connections.

       limit PORT COUNT CONNECTIONS FILE…

   Sends the mails in the files (as they stand on the wire, dots doubled) COUNT times to
   127.0.0.1:PORT, each connection one of them. Content, last dot and the next mail's envelope go out in one write,
   so a mail takes one round trip; nothing is made, looked up or written down. Prints
   the seconds from the first connection to the last answer. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { IN_ROOM = 4096, TAIL_ROOM = 256, EVENTS = 64 };

/* `out` holds the content, then what follows it; `owed` answers are to come. */
struct connection {
    int socket;
    int owed;
    bool has_envelope, is_full;
    size_t content_length, begin, end, in_length;
    char in[IN_ROOM], *out;
};

static long left, number; /* envelopes still to be given out; the last one's number */
static int open_connections, poll_set;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* The next envelope, or the goodbye once there is no more to send. */
static void put_next(struct connection *c, const char *before) {
    char *tail = c->out + c->content_length;
    c->has_envelope = left > 0;
    if (left-- > 0)
        c->end = snprintf(tail, TAIL_ROOM,
                          "%sMAIL FROM:<news@pregon.example>\r\n"
                          "RCPT TO:<r%ld@lectores.example>\r\nDATA\r\n",
                          before, ++number);
    else
        c->end = snprintf(tail, TAIL_ROOM, "%sQUIT\r\n", before);
    c->end += c->content_length;
    c->owed += (*before ? 1 : 0) + (c->has_envelope ? 3 : 1);
}

static void watch(struct connection *c, bool is_full) {
    struct epoll_event wanted = {.data.ptr = c};
    wanted.events = EPOLLIN | (is_full ? EPOLLOUT : 0);
    if (c->is_full != is_full)
        epoll_ctl(poll_set, EPOLL_CTL_MOD, c->socket, &wanted);
    c->is_full = is_full;
}

static void write_on(struct connection *c) {
    ssize_t sent = send(c->socket, c->out + c->begin, c->end - c->begin, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        fail("send");
    c->begin += sent > 0 ? sent : 0;
    watch(c, c->begin < c->end);
}

/* All answers to the last write are here: the content may follow its envelope. */
static void send_more(struct connection *c) {
    if (!c->has_envelope) {
        close(c->socket);
        open_connections--;
        return;
    }
    c->begin = 0;
    put_next(c, ".\r\n");
    write_on(c);
}

static void take_line(struct connection *c, const char *line, size_t length) {
    bool is_last = length > 3 && line[3] != '-';
    if (*line != '2' && *line != '3') {
        fprintf(stderr, "the server said: %.*s\n", (int)length, line);
        exit(1);
    }
    c->owed -= is_last;
}

static void read_on(struct connection *c) {
    ssize_t got = recv(c->socket, c->in + c->in_length, IN_ROOM - c->in_length, 0);
    if (got <= 0)
        fail("recv");
    c->in_length += got;
    char *line = c->in, *end;
    while ((end = memchr(line, '\n', c->in + c->in_length - line))) {
        take_line(c, line, end - line);
        line = end + 1;
    }
    c->in_length -= line - c->in;
    memmove(c->in, line, c->in_length);
    if (!c->owed)
        send_more(c);
}

static void load(struct connection *c, const char *path) {
    struct stat found;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &found))
        fail(path);
    c->content_length = found.st_size;
    c->out = malloc(c->content_length + TAIL_ROOM);
    if (read(file, c->out, c->content_length) != found.st_size)
        fail(path);
    close(file);
}

static void open_one(int port, const char *path) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct connection *c = calloc(1, sizeof *c);
    load(c, path);
    c->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(c->socket, (struct sockaddr *)&address, sizeof address))
        fail("connect");
    fcntl(c->socket, F_SETFL, O_NONBLOCK);
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll_set, EPOLL_CTL_ADD, c->socket, &wanted);
    open_connections++;
    c->owed = 2; /* the greeting and the answer to EHLO */
    c->begin = c->content_length;
    put_next(c, "");
    if (send(c->socket, "EHLO limit.example\r\n", 20, MSG_NOSIGNAL) < 0)
        fail("send");
    write_on(c);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **words) {
    if (count < 5)
        return fputs("limit PORT COUNT CONNECTIONS FILE…\n", stderr), 2;
    left = atol(words[2]);
    double began = now();
    poll_set = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < atoi(words[3]); i++)
        open_one(atoi(words[1]), words[4 + i % (count - 4)]);
    while (open_connections) {
        struct epoll_event events[EVENTS];
        int found = epoll_wait(poll_set, events, EVENTS, -1);
        for (int i = 0; i < found; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT)
                write_on(c);
            else
                read_on(c);
        }
    }
    printf("%.6f\n", now() - began);
}
