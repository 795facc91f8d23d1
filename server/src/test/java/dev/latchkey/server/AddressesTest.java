package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.review.Model;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.ModelRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the server sends code, tokens and keys: only to addresses the operator wrote down, in the
/// clear only to this machine, and never on to where somebody points.
class AddressesTest {

  private final AtomicInteger strayed = new AtomicInteger();
  private HttpServer elsewhere;
  private HttpServer pointing;

  @BeforeEach
  void start() throws IOException {
    elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    elsewhere.createContext(
        "/",
        exchange -> {
          strayed.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    elsewhere.start();
    pointing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pointing.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", at(elsewhere).toString());
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    pointing.start();
  }

  @AfterEach
  void stop() {
    elsewhere.stop(0);
    pointing.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:11434",
        "http://127.0.0.1:11434/v1",
        "http://localhost/v1",
        "http://[::1]:8080/v1",
        "https://127.0.0.1/v1",
      })
  void aModelOfThisMachineIsAllowed(String address) {
    assertThat(model(address, false).model().url()).isEqualTo(URI.create(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com/v1",
        "https://10.0.0.1/v1",
        "https://169.254.169.254/latest",
        "https://localhost.example.com/v1",
        "https://127.0.0.1.example.com/v1",
      })
  void aModelElsewhereIsAllowedOnlyWithLeave(String address) {
    assertThat(model(address, true).model().url()).isEqualTo(URI.create(address));

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> model(address, false))
        .withMessageStartingWith("LATCHKEY_MODEL_URL: ")
        .withMessageContaining("LATCHKEY_MODEL_ALLOW_REMOTE=true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com/v1",
        "http://10.0.0.1:11434",
        "http://0.0.0.0:11434",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::ffff:10.0.0.1]/",
        "https://user:hunter2@api.example.com/v1",
        "https://hunter2@127.0.0.1/v1",
        "https://api.example.com/v1#hunter2",
        "https://api.example.com/v1?key=hunter2",
        "https:///v1",
        "https://",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "unix:/var/run/docker.sock",
        "127.0.0.1:11434",
        "//127.0.0.1/v1",
        "https://api example.com",
        "https://api.example.com:99999/v1",
        "https://api_example.com:abc/",
      })
  void otherAddressesOfAModelAreRefusedWhateverTheLeave(String address) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> model(address, true))
        .withMessageStartingWith("LATCHKEY_MODEL_URL")
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).doesNotContain("hunter2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.github.com",
        "https://github.example.com/api/v3",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:8080",
      })
  void addressesOfGitHubThatAreAllowed(String address) {
    assertThat(gitHub(address).app().api()).isEqualTo(URI.create(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.github.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://169.254.169.254/",
        "http://127.0.0.1.example.com",
        "https://hunter2@api.github.com",
        "https://api.github.com#hunter2",
        "https://api.github.com?hunter2",
        "file:///etc/passwd",
        "api.github.com",
        "https://",
      })
  void otherAddressesOfGitHubAreRefused(String address) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> gitHub(address))
        .withMessageStartingWith("GITHUB_API_URL")
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).doesNotContain("hunter2"));
  }

  @Test
  void noModelsRedirectIsFollowed() {
    Model model = model(at(pointing) + "v1", false).model().open();
    ModelRequest question = new ModelRequest("rules", "material", "{}", 100);

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> model.complete(question, Duration.ofSeconds(30)));

    assertThat(strayed).hasValue(0);
  }

  @Test
  void noRedirectOfGitHubIsFollowed() {
    Settings settings = gitHub(at(pointing).toString());
    try (GitHub github = GitHub.of(App.gitHub(settings, InstantSource.system()))) {
      Deadline deadline = Deadline.after(Duration.ofSeconds(30));

      assertThatExceptionOfType(GitHubException.class).isThrownBy(() -> github.app(deadline));
    }

    assertThat(strayed).hasValue(0);
  }

  @Test
  void theDoctorFollowsNoRedirect() throws IOException {
    Probe probe = Probe.of(at(pointing), Map.of("Authorization", "Bearer key"));

    assertThat(probe.status()).isEqualTo(307);
    assertThat(strayed).hasValue(0);
  }

  private static URI at(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static Settings model(String address, boolean allowRemote) {
    return settings(
        Map.of(
            "LATCHKEY_MODEL_URL",
            address,
            "LATCHKEY_MODEL_ALLOW_REMOTE",
            Boolean.toString(allowRemote)));
  }

  private static Settings gitHub(String address) {
    return settings(Map.of("GITHUB_API_URL", address));
  }

  private static Settings settings(Map<String, String> changes) {
    Map<String, String> variables = new HashMap<>(TestServer.settings(Path.of("folder")));
    variables.putAll(changes);
    return Settings.read(variables);
  }
}
