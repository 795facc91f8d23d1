package dev.latchkey.server.web;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/// Answers what is refused before any route is looked for, such as what is no HTTP, with a problem
/// document which repeats nothing of the request.
final class DirectProblems implements DirectHandler {

  static DirectHandlers all() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, new DirectProblems());
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    Problem problem = Problem.of(status.code(), "The request can't be taken as it is.");
    TransportResponse.Builder response =
        TransportResponse.builder()
            .status(status)
            .headers(headers)
            .keepAlive(false)
            .header(HeaderNames.CONTENT_TYPE, Problem.TYPE);
    Answers.HEADERS.forEach((name, value) -> response.header(name, value));
    return response.entity(problem.json()).build();
  }
}
