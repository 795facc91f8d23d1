package dev.latchkey.server.web;

import dev.latchkey.inbox.InboxException;
import dev.latchkey.kv.KvException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.NoSuchElementException;

/// Answers what no route has foreseen: the log gets the failure, the caller gets none of it.
public final class UnexpectedErrors implements ErrorHandler<RuntimeException> {

  private static final Logger LOG = System.getLogger(UnexpectedErrors.class.getName());
  private static final String RETRY_AFTER_SECONDS = "10";

  @Override
  public void handle(ServerRequest request, ServerResponse response, RuntimeException failure) {
    switch (failure) {
      case Refusal e -> e.problem().send(response);
      case NoSuchElementException _ -> Problem.of(404, "There is no such work.").send(response);
      case InboxException.NotAllowed e ->
          Problem.of(409, String.valueOf(e.getMessage())).send(response);
      case HttpException e ->
          Problem.of(e.status().code(), "There is no such thing here.").send(response);
      case RequestException e ->
          Problem.of(e.status().code(), "The request can't be read.").send(response);
      case KvException e -> unavailable(request, response, e);
      case InboxException.Unavailable e -> unavailable(request, response, e);
      default -> {
        log(request, failure);
        Problem.of(500, "The server could not do this; its log says why.").send(response);
      }
    }
  }

  private static void unavailable(
      ServerRequest request, ServerResponse response, RuntimeException failure) {
    log(request, failure);
    response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    Problem.of(503, "The database can't do this now; the server's log says why.").send(response);
  }

  private static void log(ServerRequest request, RuntimeException failure) {
    LOG.log(Level.ERROR, "event=request.failed path=" + request.path().path(), failure);
  }
}
