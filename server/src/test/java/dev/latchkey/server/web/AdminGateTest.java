package dev.latchkey.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.github.Secret;
import io.helidon.webserver.WebServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom the operator's port answers, with raw requests, as a browser would not let one forge these
/// headers.
class AdminGateTest {

  private static final String TOKEN = "a token for the operator alone";

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:%d", "localhost:%d", "LOCALHOST", "[::1]:%d", "localhost:9"})
  void thisMachinesNamesAreAnsweredFor(String host) throws IOException {
    assertThat(open("GET / HTTP/1.1", "Host: " + host)).endsWith(" 200 OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:%d", "127.0.0.1.evil.example", "10.0.0.1"})
  void anotherNameThatPointsHereIsRefused(String host) throws IOException {
    assertThat(open("GET / HTTP/1.1", "Host: " + host)).endsWith(" 403 Forbidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void anotherPageMayNotChangeAnything(String header) throws IOException {
    assertThat(open("POST / HTTP/1.1", "Host: localhost:%d", header)).endsWith(" 403 Forbidden");
    assertThat(open("GET / HTTP/1.1", "Host: localhost:%d", header)).endsWith(" 200 OK");
  }

  @Test
  void programsAndOwnPagesMayChangeThings() throws IOException {
    assertThat(open("POST / HTTP/1.1", "Host: localhost:%d")).endsWith(" 200 OK");
    assertThat(
            open(
                "POST / HTTP/1.1",
                "Host: localhost:%d",
                "Origin: http://localhost:%d",
                "Sec-Fetch-Site: same-origin"))
        .endsWith(" 200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Nothing: here",
        "Authorization: Bearer",
        "Authorization: Bearer wrong",
        "Authorization: Basic " + TOKEN,
        "Authorization: Bearer " + TOKEN + "x",
        "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Bearer " + TOKEN
      })
  void withATokenWhoeverLacksItIsRefused(String header) throws IOException {
    assertThat(guarded("GET / HTTP/1.1", "Host: admin.example", header))
        .endsWith(" 401 Unauthorized");
    assertThat(guarded("GET /nothing HTTP/1.1", "Host: localhost", header))
        .endsWith(" 401 Unauthorized");
  }

  @Test
  void withATokenAnyHostIsAnsweredForButNoOtherPage() throws IOException {
    String token = "Authorization: bearer " + TOKEN;

    assertThat(guarded("POST / HTTP/1.1", "Host: admin.example", token)).endsWith(" 200 OK");
    assertThat(
            guarded(
                "POST / HTTP/1.1", "Host: admin.example", token, "Origin: https://evil.example"))
        .endsWith(" 403 Forbidden");
  }

  private static String open(String... lines) throws IOException {
    return ask(new AdminGate(Optional.empty(), "127.0.0.1"), lines);
  }

  private static String guarded(String... lines) throws IOException {
    return ask(new AdminGate(Optional.of(Secret.of(TOKEN)), "0.0.0.0"), lines);
  }

  /// Sends the lines, with the port for `%d`, and returns the first line of the answer.
  private static String ask(AdminGate gate, String... lines) throws IOException {
    WebServer server =
        Listening.usual()
            .apply(WebServer.builder().host("127.0.0.1").port(0))
            .routing(routes ->
                routes.addFilter(gate).any("/", (request, response) -> response.send("in")))
            .build()
            .start();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      String request = String.join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n";
      socket
          .getOutputStream()
          .write(
              request
                  .replace("%d", Integer.toString(server.port()))
                  .getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    } finally {
      server.stop();
    }
  }
}
