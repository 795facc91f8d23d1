package dev.latchkey.server.web;

import io.helidon.common.uri.UriQuery;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The parameters of a request's address. Each stands there once at most; one that is not known is
/// a mistake to be told, not to be passed over.
final class Parameters {

  private static final int MAX_LENGTH = 600;

  private final ServerRequest request;
  private final UriQuery query;

  private Parameters(ServerRequest request) {
    this.request = request;
    this.query = request.query();
  }

  /// @throws Refusal if there are others than the known ones, or one twice
  static Parameters of(ServerRequest request, String... known) {
    Parameters parameters = new Parameters(request);
    Set<String> names = Set.of(known);
    for (String name : parameters.query.names()) {
      if (!names.contains(name)) {
        throw bad(
            "There is no such parameter; known are "
                + (names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names)))
                + ".");
      }
    }
    return parameters;
  }

  /// Returns a parameter's value, or empty if it isn't there.
  Optional<String> text(String name) {
    List<String> values = query.contains(name) ? query.all(name) : List.of();
    if (values.size() > 1) {
      throw bad(name + " may be given once.");
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    String value = values.getFirst();
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw bad(name + " must have 1 to " + MAX_LENGTH + " characters.");
    }
    return Optional.of(value);
  }

  boolean flag(String name) {
    return switch (text(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(name + " must be true or false.");
    };
  }

  int limit(int usual, int most) {
    Optional<Long> limit = text("limit").map(text -> number("limit", text));
    if (limit.isPresent() && limit.get() > most) {
      throw bad("limit must be 1 to " + most + ".");
    }
    return limit.map(Math::toIntExact).orElse(usual);
  }

  Optional<Long> id(String name) {
    return text(name).map(text -> number(name, text));
  }

  /// Returns a part of the path which is a number; what isn't one names nothing that there is.
  long pathId(String name) {
    String text = path(name);
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw new Refusal(404, "There is no such thing here; a number is wanted.");
    }
    return Long.parseLong(text);
  }

  String path(String name) {
    return request.path().pathParameters().get(name);
  }

  private static long number(String name, String text) {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw bad(name + " must be a whole number of 1 or more.");
    }
    return Long.parseLong(text);
  }

  static Refusal bad(String detail) {
    return new Refusal(400, detail);
  }
}
