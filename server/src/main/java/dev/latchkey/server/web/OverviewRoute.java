package dev.latchkey.server.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;

/// The pages for whoever runs the server. They load nothing from elsewhere.
public final class OverviewRoute implements HttpService {

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final Supplier<Overview> overview;
  private final byte[] style = resource("/web/style.css");

  public OverviewRoute(Supplier<Overview> overview) {
    this.overview = overview;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/", this::page).get("/style.css", this::style);
  }

  private void page(ServerRequest request, ServerResponse response) {
    StringOutput page = new StringOutput();
    templates.render("overview.jte", overview.get(), page);
    send(response, "text/html; charset=utf-8", page.toString());
  }

  private void style(ServerRequest request, ServerResponse response) {
    send(response, "text/css; charset=utf-8", style);
  }

  private static void send(ServerResponse response, String type, Object body) {
    response.header(HeaderNames.CONTENT_TYPE, type);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header("Content-Security-Policy", POLICY);
    response.header("X-Content-Type-Options", "nosniff");
    response.header("Referrer-Policy", "no-referrer");
    response.send(body);
  }

  private static byte[] resource(String name) {
    try (InputStream in = OverviewRoute.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own file " + name + " can't be read", e);
    }
  }
}
