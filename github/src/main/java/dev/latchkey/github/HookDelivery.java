package dev.latchkey.github;

import java.time.Instant;

/// A webhook which GitHub sent to the App, or tried to.
///
/// @param id of this sending, within GitHub
/// @param guid of the delivery: the same when it is sent again
/// @param event its name, as in `X-GitHub-Event`
/// @param action empty if the event has none
/// @param status how it was answered; 0 if it was not
/// @param redelivery whether somebody asked for it to be sent again
public record HookDelivery(
    long id,
    String guid,
    Instant deliveredAt,
    String event,
    String action,
    int status,
    boolean redelivery) {}
