package dev.latchkey.server;

import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ModelQuestion;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.simulator.SimulatedRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Everything the server of the demonstration lives among: a simulated GitHub and model, and a
/// folder with its key and its database.
final class DemoWorld implements AutoCloseable {
  private static final String APP_ID = "424242";
  private static final String OWNER = "latchkey-demo";

  /// Long enough for several reviews to be in the model's hands at a time.
  private static final Duration MODEL_TAKES = Duration.ofMillis(150);

  private static final Duration SETTLE_WINDOW = Duration.ofSeconds(1);

  /// So few that a limit refuses some: how many fewer than there are pull requests, and for how
  /// long.
  private static final int REFUSED = 2;

  private static final String WINDOW = "8s";

  private static final String NO_LIMIT = "100000/1h";

  private final DemoBell bell = new DemoBell();
  private final DemoTrap inModelCall = new DemoTrap("during a model call", bell);
  private final DemoTrap afterCreating =
      new DemoTrap("after GitHub created a pending review, before the server knew", bell);
  private final String secret = secret();
  private final Path folder;
  private final SimulatedModel model;
  private final SimulatedGitHub github;
  private final SimulatedRepository repository;
  private final List<Integer> pullRequests = new ArrayList<>();

  private DemoWorld(Path folder, Function<ModelQuestion, String> replies, String repositoryName) {
    this.folder = folder;
    var keys = keys();
    write(folder.resolve("app.pem"), pem(keys));
    var clock = InstantSource.system();
    model =
        SimulatedModel.start(
            SimulatedModelOptions.of(clock, replies)
                .withDelay(MODEL_TAKES)
                .withBeforeAnswer(_ -> {
                  bell.ring();
                  inModelCall.passed();
                }));
    github =
        SimulatedGitHub.start(SimulatedGitHubOptions.of(clock, APP_ID, keys.getPublic(), secret));
    github.listener(new Traps());
    repository = github.addRepository(OWNER, repositoryName);
  }

  /// Starts the simulations in a new folder of their own.
  static DemoWorld start(Function<ModelQuestion, String> replies, DemoSource source) {
    try {
      var folder = Files.createTempDirectory("latchkey-demo-");
      var world = new DemoWorld(folder, replies, source.name());
      source.changes().forEach(world::open);
      return world;
    } catch (IOException e) {
      throw new DemoException("no temporary folder can be made: " + e.getMessage(), e);
    }
  }

  DemoBell bell() {
    return bell;
  }

  SimulatedGitHub github() {
    return github;
  }

  SimulatedModel model() {
    return model;
  }

  SimulatedRepository repository() {
    return repository;
  }

  /// The numbers of the pull requests.
  List<Integer> pullRequests() {
    return List.copyOf(pullRequests);
  }

  /// Where the server is killed, in this order.
  List<DemoTrap> traps() {
    return List.of(inModelCall, afterCreating);
  }

  /// The limit that the server is given.
  String limit() {
    return Math.max(2, pullRequests.size() - REFUSED) + "/" + WINDOW;
  }

  /// Where the server works; removed at the end.
  Path folder() {
    return folder;
  }

  /// How the server is configured.
  ///
  /// @param port of the webhooks, 0 for any
  /// @param adminPort of the overview page, 0 for any
  Map<String, String> configuration(int port, int adminPort) {
    return Map.ofEntries(
        Map.entry("APP_ID", APP_ID),
        Map.entry("PRIVATE_KEY_PATH", folder.resolve("app.pem").toString()),
        Map.entry("WEBHOOK_SECRET", secret),
        Map.entry("GITHUB_API_URL", github.uri().toString()),
        Map.entry("HOST", "127.0.0.1"),
        Map.entry("PORT", Integer.toString(port)),
        Map.entry("ADMIN_HOST", "127.0.0.1"),
        Map.entry("ADMIN_PORT", Integer.toString(adminPort)),
        Map.entry("LATCHKEY_OWNERS", OWNER),
        Map.entry("LATCHKEY_DATABASE", folder.resolve("latchkey.db").toString()),
        Map.entry("LATCHKEY_MODEL", "openai:scripted"),
        Map.entry("LATCHKEY_MODEL_URL", model.uri().toString()),
        Map.entry("LATCHKEY_REVIEW_QUIET", "0s"),
        Map.entry("LATCHKEY_LIMIT_PER_PULL_REQUEST", NO_LIMIT),
        Map.entry("LATCHKEY_LIMIT_PER_REPOSITORY", limit()),
        Map.entry("LATCHKEY_LIMIT_PER_OWNER", NO_LIMIT),
        Map.entry("LATCHKEY_SETTLE_WINDOW", SETTLE_WINDOW.toSeconds() + "s"));
  }

  /// Stops the simulations and removes the folder.
  @Override
  public void close() {
    traps().forEach(DemoTrap::release);
    model.close();
    github.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new DemoException("the folder " + folder + " can't be removed: " + e.getMessage(), e);
    }
  }

  private void open(ProposedChange change) {
    pullRequests.add(github.open(repository, change));
  }

  private static void write(Path file, String text) {
    try {
      var ownerOnly = PosixFilePermissions.fromString("rw-------");
      Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new DemoException(file + " can't be written: " + e.getMessage(), e);
    }
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no RSA", e);
    }
  }

  private static String pem(KeyPair keys) {
    var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN PRIVATE KEY-----\n"
        + encoder.encodeToString(keys.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static String secret() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Rings for every answer, and holds the one that creates a review.
  private final class Traps implements ApiListener {
    @Override
    public Fate after(ApiRequest request, int status) {
      bell.ring();
      if (request.method().equals("POST") && request.path().endsWith("/reviews") && status == 200) {
        afterCreating.passed();
      }
      return Fate.proceed();
    }
  }
}
