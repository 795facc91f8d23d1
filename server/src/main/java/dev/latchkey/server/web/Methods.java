package dev.latchkey.server.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;

/// What is answered where no route is.
public final class Methods {

  private Methods() {}

  /// Answers the other methods of a path, after the routes of the ones it has.
  public static Handler only(String allowed) {
    return (request, response) -> {
      response.header(HeaderNames.ALLOW, allowed);
      response.header(HeaderNames.CONNECTION, "close");
      Problem.of(405, "Here only " + allowed + " is allowed.").send(response);
    };
  }

  /// Answers all that no route before has answered. To be added last.
  public static void nothingElse(HttpRouting.Builder routes) {
    routes.any((request, response) -> {
      response.header(HeaderNames.CONNECTION, "close");
      Problem.of(404, "There is no such thing here.").send(response);
    });
  }
}
