package dev.latchkey.server.web;

import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Answers what no route has foreseen: the log gets the failure, the caller gets none of it.
public final class UnexpectedErrors implements ErrorHandler<RuntimeException> {

  private static final Logger LOG = System.getLogger(UnexpectedErrors.class.getName());

  @Override
  public void handle(ServerRequest request, ServerResponse response, RuntimeException failure) {
    switch (failure) {
      case HttpException e ->
          Problem.of(e.status().code(), "There is no such thing here.").send(response);
      case RequestException e ->
          Problem.of(e.status().code(), "The request can't be read.").send(response);
      default -> {
        LOG.log(Level.ERROR, "event=request.failed path=" + request.path().path(), failure);
        Problem.of(500, "The server could not do this; its log says why.").send(response);
      }
    }
  }
}
