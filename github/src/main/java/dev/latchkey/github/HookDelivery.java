package dev.latchkey.github;

import java.time.Instant;

/// One try to deliver a webhook of the App.
///
/// @param id this try's, of which a redelivery has another
/// @param guid the delivery's, as `X-GitHub-Delivery` tells it; the same again on a redelivery
/// @param event the event's name
/// @param action empty if there is none
/// @param status what we answered; zero if nothing
/// @param redelivery not the first try
public record HookDelivery(
    long id,
    String guid,
    Instant deliveredAt,
    String event,
    String action,
    int status,
    boolean redelivery) {}
