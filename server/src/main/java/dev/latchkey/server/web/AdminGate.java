package dev.latchkey.server.web;

import dev.latchkey.github.Secret;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lets in who may see and do what the operator may.
///
/// With a token, whoever has it. Without one, whoever is on this machine; and since a browser on it
/// may be made to ask by somebody else's page, a request must name this machine as its host (a page
/// whose own name was pointed here can't), and none that changes something may come from another
/// page.
public final class AdminGate implements Filter {

  private static final String BEARER = "bearer ";
  private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
  private static final Set<Method> READING = Set.of(Method.GET, Method.HEAD);
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final Optional<Secret> token;
  private final Set<String> hosts;
  private final Predicate<RoutingRequest> known;

  /// @param host which the port is bound to
  public AdminGate(Optional<Secret> token, String host) {
    this(token, host, request -> false);
  }

  /// @param known whether a request without the token is of somebody who has shown it before
  public AdminGate(Optional<Secret> token, String host, Predicate<RoutingRequest> known) {
    this.token = token;
    this.hosts =
        Stream.of("localhost", "127.0.0.1", "[::1]", host, "[" + host + "]")
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.known = known;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Optional<Problem> refusal = refusal(request);
    if (refusal.isEmpty()) {
      chain.proceed();
      return;
    }
    if (refusal.get().status() == 401) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    // The body is not read, so the connection can't be used again.
    response.header(HeaderNames.CONNECTION, "close");
    refusal.get().send(response);
  }

  private Optional<Problem> refusal(RoutingRequest request) {
    String authority = only(request, HeaderNames.HOST).orElse("");
    if (token.isEmpty() && !hosts.contains(host(authority))) {
      return Optional.of(
          Problem.of(403, "Without a token, only this machine's own address is answered for."));
    }
    if (!READING.contains(request.prologue().method()) && isForeign(request, authority)) {
      return Optional.of(Problem.of(403, "The request comes from another page."));
    }
    return token.isEmpty() || isKnown(request, token.get())
        ? Optional.empty()
        : Optional.of(Problem.of(401, "A token is needed, as Authorization: Bearer."));
  }

  private boolean isKnown(RoutingRequest request, Secret wanted) {
    String given = only(request, HeaderNames.AUTHORIZATION).orElse("");
    boolean bearer = given.toLowerCase(Locale.ROOT).startsWith(BEARER);
    String text = bearer ? given.substring(BEARER.length()).strip() : "";
    return (!text.isEmpty() && wanted.equals(Secret.of(text))) || known.test(request);
  }

  /// Programs send neither header; browsers send both, or at least the first.
  private static boolean isForeign(RoutingRequest request, String authority) {
    List<String> origins = request.headers().all(HeaderNames.ORIGIN, List::of);
    boolean own =
        origins.stream()
            .allMatch(origin ->
                origin.equalsIgnoreCase("http://" + authority)
                    || origin.equalsIgnoreCase("https://" + authority));
    List<String> sites = request.headers().all(FETCH_SITE, List::of);
    return !own || !OWN_SITES.containsAll(sites);
  }

  private static Optional<String> only(RoutingRequest request, HeaderName name) {
    List<String> values = request.headers().all(name, List::of);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  private static String host(String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
  }
}
