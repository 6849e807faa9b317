/* A mail server that only counts, fast enough not to be what is measured.

       sink [-p PORT] [-l MS] [-n] [-a FILE]

   It listens on 127.0.0.1 (a free port unless -p names one) and prints the port. Every
   accepted content is answered MS milliseconds later (-l); meanwhile that connection
   rests and the others go on. -n offers no PIPELINING. -a appends each accepted
   recipient to FILE before the answer goes out, one write(2) a mail: the truth where
   senders are killed. XSTAT on any connection tells what was accepted so far; sizes are
   those of the mails, without the dots that SMTP doubles and without the last dot; the
   span is the time between the first and the last of them.

   One thread, one epoll. A connection that is owed an answer is not read. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    IN_ROOM = 64 * 1024, /* a whole mail of 30 KB and the next envelope */
    OUT_ROOM = 8 * 1024,
    LONGEST_ANSWER = 512,
    TO_ROOM = 16 * 1024, /* the recipients of one mail */
    EVENTS = 64,
};

struct connection {
    int socket;
    uint32_t watched;
    bool in_content, at_line_start; /* of the content */
    bool has_sender, is_quitting;
    bool is_waiting, is_gone; /* in the queue of late answers; closed meanwhile */
    char last;                /* byte of the content taken so far */
    long size, recipients;
    size_t to_length, begin, end, out_length;
    int64_t due;
    struct connection *later;
    char to[TO_ROOM], in[IN_ROOM], out[OUT_ROOM];
};

static struct {
    long accepted, recipients, bytes, smallest, largest, connections;
    int64_t first_at, last_at;
} total;
static int64_t latency_ns;
static bool offers_pipelining = true;
static int log_file = -1, poll_set, timer;
static struct connection *first_due, *last_due;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* --- Answers */

static void answer(struct connection *c, const char *text) {
    size_t length = strlen(text);
    memcpy(c->out + c->out_length, text, length);
    c->out_length += length;
}

static void tell_totals(struct connection *c) {
    char text[LONGEST_ANSWER];
    snprintf(text, sizeof text,
             "250 accepted=%ld recipients=%ld bytes=%ld smallest=%ld largest=%ld"
             " connections=%ld span_us=%ld\r\n",
             total.accepted, total.recipients, total.bytes, total.smallest,
             total.largest, total.connections,
             (long)(total.last_at - total.first_at) / 1000);
    answer(c, text);
}

static bool send_answers(struct connection *c) {
    ssize_t sent = 0;
    if (c->out_length)
        sent = send(c->socket, c->out, c->out_length, MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR;
    c->out_length -= sent;
    memmove(c->out, c->out + sent, c->out_length);
    return true;
}

/* --- Late answers: all are equally late, so the first to wait is the first due */

static void set_timer(void) {
    struct itimerspec when = {0};
    if (first_due) {
        when.it_value.tv_sec = first_due->due / 1000000000;
        when.it_value.tv_nsec = first_due->due % 1000000000;
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void answer_later(struct connection *c) {
    c->is_waiting = true;
    c->due = now() + latency_ns;
    c->later = NULL;
    if (last_due)
        last_due->later = c;
    else
        first_due = c;
    last_due = c;
    if (first_due == c)
        set_timer();
}

static struct connection *next_due(void) {
    struct connection *c = first_due;
    if (!c || c->due > now())
        return NULL;
    first_due = c->later;
    if (!first_due)
        last_due = NULL;
    c->is_waiting = false;
    return c;
}

/* --- The content of a mail */

static void forget_mail(struct connection *c) {
    c->has_sender = false;
    c->size = c->recipients = 0;
    c->to_length = 0;
}

static void accept_mail(struct connection *c) {
    total.smallest = total.accepted && total.smallest < c->size ? total.smallest : c->size;
    total.largest = total.largest > c->size ? total.largest : c->size;
    total.last_at = now();
    if (!total.accepted++)
        total.first_at = total.last_at;
    total.recipients += c->recipients;
    total.bytes += c->size;
    if (log_file >= 0 && write(log_file, c->to, c->to_length) < 0)
        fail("the list of accepted recipients");
    c->in_content = false;
    forget_mail(c);
    if (latency_ns)
        answer_later(c);
    else
        answer(c, "250 2.0.0 accepted\r\n");
}

/* One line or what there is of it; false where more must come first. */
static bool take_content(struct connection *c) {
    char *start = c->in + c->begin;
    size_t length = c->end - c->begin;
    if (c->at_line_start && *start == '.') {
        if (length < 3)
            return false;
        if (start[1] == '\r' && start[2] == '\n') {
            c->begin += 3;
            accept_mail(c);
            return true;
        }
        c->begin++, start++, length--;
    }
    char *end = memchr(start, '\n', length);
    if (end)
        length = end + 1 - start;
    char before = length > 1 ? start[length - 2] : c->last;
    c->at_line_start = end && before == '\r';
    c->last = start[length - 1];
    c->begin += length;
    c->size += length;
    return true;
}

/* --- Commands */

static void greet(struct connection *c, const char *verb) {
    forget_mail(c);
    if (!strncasecmp(verb, "HELO", 4))
        return answer(c, "250 sink\r\n");
    answer(c, "250-sink\r\n");
    if (offers_pipelining)
        answer(c, "250-PIPELINING\r\n");
    answer(c, "250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 52428800\r\n");
}

static void start_mail(struct connection *c) {
    if (c->has_sender)
        return answer(c, "503 5.5.1 one mail at a time\r\n");
    c->has_sender = true;
    answer(c, "250 2.1.0 sender ok\r\n");
}

static void add_recipient(struct connection *c, const char *line, size_t length) {
    const char *from = memchr(line, '<', length);
    const char *to = from ? memchr(from, '>', line + length - from) : NULL;
    if (!c->has_sender)
        return answer(c, "503 5.5.1 MAIL first\r\n");
    if (!to || to - from < 2)
        return answer(c, "501 5.1.3 no address\r\n");
    size_t size = to - from - 1;
    if (c->to_length + size + 1 > TO_ROOM)
        return answer(c, "452 4.5.3 too many recipients\r\n");
    memcpy(c->to + c->to_length, from + 1, size);
    c->to_length += size;
    c->to[c->to_length++] = '\n';
    c->recipients++;
    answer(c, "250 2.1.5 recipient ok\r\n");
}

static void start_content(struct connection *c) {
    if (!c->recipients)
        return answer(c, "503 5.5.1 RCPT first\r\n");
    c->in_content = c->at_line_start = true;
    answer(c, "354 go on\r\n");
}

static void obey(struct connection *c, const char *line, size_t length) {
    const char *verb = length < 4 ? "    " : line;
    if (!strncasecmp(verb, "MAIL", 4))
        start_mail(c);
    else if (!strncasecmp(verb, "RCPT", 4))
        add_recipient(c, line, length);
    else if (!strncasecmp(verb, "DATA", 4))
        start_content(c);
    else if (!strncasecmp(verb, "EHLO", 4) || !strncasecmp(verb, "HELO", 4))
        greet(c, verb);
    else if (!strncasecmp(verb, "RSET", 4)) {
        forget_mail(c);
        answer(c, "250 2.0.0 forgotten\r\n");
    } else if (!strncasecmp(verb, "NOOP", 4))
        answer(c, "250 2.0.0 ok\r\n");
    else if (!strncasecmp(verb, "XSTA", 4))
        tell_totals(c);
    else if (!strncasecmp(verb, "QUIT", 4)) {
        c->is_quitting = true;
        answer(c, "221 2.0.0 bye\r\n");
    } else
        answer(c, "500 5.5.2 what?\r\n");
}

/* One command; false where its end has not come yet. */
static bool take_command(struct connection *c) {
    char *start = c->in + c->begin;
    char *end = memchr(start, '\n', c->end - c->begin);
    if (end) {
        c->begin += end + 1 - start;
        obey(c, start, end - start);
        return true;
    }
    if (c->end - c->begin == IN_ROOM) {
        c->is_quitting = true;
        answer(c, "500 5.5.2 the line is too long\r\n");
    }
    return false;
}

/* --- Connections */

static void watch(struct connection *c, uint32_t events) {
    struct epoll_event wanted = {.events = events, .data.ptr = c};
    if (c->watched != events)
        epoll_ctl(poll_set, EPOLL_CTL_MOD, c->socket, &wanted);
    c->watched = events;
}

static void hang_up(struct connection *c) {
    close(c->socket);
    c->is_gone = true;
    if (!c->is_waiting)
        free(c);
}

static bool may_go_on(struct connection *c) {
    return !c->is_waiting && !c->is_quitting &&
           c->out_length < OUT_ROOM - LONGEST_ANSWER;
}

/* Take what was read as far as it goes, answer, and decide what to wait for. */
static void serve(struct connection *c) {
    bool has_more = true;
    do {
        while (has_more && may_go_on(c))
            has_more = c->begin < c->end &&
                       (c->in_content ? take_content(c) : take_command(c));
        if (!send_answers(c))
            return hang_up(c);
    } while (has_more && may_go_on(c));
    if (c->is_quitting && !c->out_length)
        return hang_up(c);
    watch(c, c->out_length ? EPOLLOUT : c->is_waiting ? 0 : EPOLLIN);
}

static void read_from(struct connection *c) {
    c->end -= c->begin;
    memmove(c->in, c->in + c->begin, c->end);
    c->begin = 0;
    ssize_t got = recv(c->socket, c->in + c->end, IN_ROOM - c->end, 0);
    if (got > 0)
        c->end += got;
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        return hang_up(c);
    serve(c);
}

static void welcome(int listener) {
    int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0)
        return;
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        fail("memory");
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    c->socket = socket;
    c->watched = EPOLLIN;
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll_set, EPOLL_CTL_ADD, socket, &wanted);
    total.connections++;
    answer(c, "220 sink\r\n");
    serve(c);
}

static void answer_the_late(void) {
    struct connection *c;
    if (!first_due)
        return;
    while ((c = next_due())) {
        if (c->is_gone) {
            free(c);
            continue;
        }
        answer(c, "250 2.0.0 accepted\r\n");
        serve(c);
    }
    set_timer();
}

static void handle(struct epoll_event event, int listener) {
    struct connection *c = event.data.ptr;
    if (event.data.ptr == &timer)
        return;
    if (event.data.ptr == &poll_set)
        welcome(listener);
    else if (event.events & (EPOLLIN | EPOLLRDHUP))
        read_from(c);
    else if (event.events & EPOLLOUT)
        serve(c);
    else
        hang_up(c);
}

/* --- The start */

static int listen_on(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1024))
        fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static int read_options(int count, char **words) {
    int option, port = 0;
    while ((option = getopt(count, words, "p:l:na:")) != -1) {
        if (option == 'p')
            port = atoi(optarg);
        else if (option == 'l')
            latency_ns = (int64_t)(atof(optarg) * 1e6);
        else if (option == 'n')
            offers_pipelining = false;
        else if (option == 'a')
            log_file = open(optarg, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        else
            exit(2);
        if (option == 'a' && log_file < 0)
            fail(optarg);
    }
    return port;
}

int main(int count, char **words) {
    int port = read_options(count, words);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* no sink outlives its bench */
    poll_set = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int listener = listen_on(port);
    struct epoll_event at_door = {.events = EPOLLIN, .data.ptr = &poll_set};
    struct epoll_event at_time = {.events = EPOLLIN, .data.ptr = &timer};
    epoll_ctl(poll_set, EPOLL_CTL_ADD, listener, &at_door);
    epoll_ctl(poll_set, EPOLL_CTL_ADD, timer, &at_time);
    for (;;) {
        struct epoll_event events[EVENTS];
        int found = epoll_wait(poll_set, events, EVENTS, -1);
        for (int i = 0; i < found; i++)
            handle(events[i], listener);
        answer_the_late(); /* last, as it may free what an event was about */
    }
}
