package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A model on 127.0.0.1 that speaks the wire format of OpenAI's chat completions (OpenAI, "Create
/// chat completion"), strictly, and answers what a function says. It serves `POST
/// /v1/chat/completions` without streaming; anything else is 404. Safe for use by several threads.
public final class SimulatedModel implements AutoCloseable {
  /// A line that ends in a long hexadecimal number and holds no other digit: a nonce, or a
  /// delimiter made of one.
  private static final Pattern NONCE_LINE =
      Pattern.compile("(?m)^\\D*\\b[0-9a-f]{16,64}(?:\\R|\\z)");

  private static final List<String> ROLES =
      List.of("system", "developer", "user", "assistant", "tool");

  private final SimulatedModelOptions options;
  private final List<ModelCall> calls = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<Boolean> released = new CompletableFuture<>();
  private final Loopback server;

  private SimulatedModel(SimulatedModelOptions options) {
    this.options = options;
    this.server = Loopback.start(options.port(), this::serve);
  }

  /// Starts to serve.
  ///
  /// @throws SimulatorException.PortUnusable if the port can't be bound
  public static SimulatedModel start(SimulatedModelOptions options) {
    return new SimulatedModel(requireNonNull(options, "options"));
  }

  /// The base URL a client is configured with; it ends in `/v1`.
  public URI uri() {
    return URI.create(server.uri() + "/v1");
  }

  /// The calls so far that fitted the format, in order of arrival; also those whose caller was gone
  /// before the answer, and those the script failed.
  public List<ModelCall> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /// How often each question was asked: by the user's text, less the lines that differ with each
  /// attempt, a nonce or a delimiter made of one: they end in 16 to 64 hexadecimal digits and hold
  /// no other digit.
  public Map<String, Integer> callsByQuestion() {
    var counts = new LinkedHashMap<String, Integer>();
    for (var call : calls()) {
      counts.merge(lasting(call), 1, Integer::sum);
    }
    return counts;
  }

  private static String lasting(ModelCall call) {
    return NONCE_LINE.matcher(call.question().user()).replaceAll("");
  }

  /// Stops serving; calls that wait are cut off.
  @Override
  public void close() {
    closed.countDown();
    released.complete(true);
    server.close();
  }

  private Loopback.Outgoing serve(Loopback.Incoming request) throws Loopback.Dropped {
    ModelCall call;
    try {
      requireCaller(request);
      call = call(JsonBody.of(request.body()));
    } catch (ApiError e) {
      return error(e);
    }
    options.beforeAnswer().accept(call);
    await(options.delay());
    return answer(call, options.script().of(call, attempt(call)));
  }

  /// How often its question was asked up to this call.
  private int attempt(ModelCall call) {
    var question = lasting(call);
    return (int)
        calls().stream()
            .filter(one -> one.number() <= call.number() && lasting(one).equals(question))
            .count();
  }

  private Loopback.Outgoing answer(ModelCall call, ModelFate fate) throws Loopback.Dropped {
    var usual = json(completion(call, call.reply(), "stop"));
    return switch (fate) {
      case ModelFate.Proceed() -> usual;
      case ModelFate.Reply(String text, String reason) -> json(completion(call, text, reason));
      case ModelFate.Delay(var time) -> {
        await(time);
        yield usual;
      }
      case ModelFate.Hang(var until) -> {
        await(until);
        yield usual;
      }
      case ModelFate.Fail(int status, var headers) -> failure(status, headers);
      case ModelFate.Answer(int status, var headers, String body) ->
          new Loopback.Outgoing(status, headers, body);
      case ModelFate.Drop() -> throw new Loopback.Dropped();
      case ModelFate.Garble(String body) -> Loopback.Outgoing.of(200, "application/json", body);
      case ModelFate.Slow(int piece, var pause) ->
          usual.sent(new Loopback.Manner.Slow(piece, pause));
      case ModelFate.BreakOff(int after) -> usual.sent(new Loopback.Manner.BrokenOff(after));
    };
  }

  private static Loopback.Outgoing json(JsonNode body) {
    return Loopback.Outgoing.of(200, "application/json", body.toString());
  }

  private static Loopback.Outgoing failure(int status, Map<String, String> headers) {
    var all = new HashMap<>(headers);
    all.put("Content-Type", "application/json");
    var body = GitHubJson.object();
    body.putObject("error")
        .put("message", status == 429 ? "Rate limit reached" : "The server had an error")
        .put("type", status == 429 ? "requests" : "server_error")
        .putNull("param")
        .put("code", status == 429 ? "rate_limit_exceeded" : null);
    return new Loopback.Outgoing(status, all, body.toString());
  }

  private void await(CompletableFuture<?> until) throws Loopback.Dropped {
    try {
      var _ = CompletableFuture.anyOf(until, released).join();
    } catch (CompletionException | CancellationException e) {
      // However it was completed, the waiting is over.
      return;
    }
    if (released.isDone()) {
      throw new Loopback.Dropped();
    }
  }

  private void await(Duration time) throws Loopback.Dropped {
    try {
      if (closed.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Loopback.Dropped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Loopback.Dropped();
    }
  }

  private void requireCaller(Loopback.Incoming request) {
    if (!request.method().equals("POST") || !request.path().equals("/v1/chat/completions")) {
      throw ApiError.notFound();
    }
    var key = options.key();
    if (key != null && !request.header("authorization").orElse("").equals("Bearer " + key)) {
      throw ApiError.unauthorized("Incorrect API key provided.");
    }
    if (!request.header("content-type").orElse("").startsWith("application/json")) {
      throw ApiError.badRequest("Content-Type must be application/json.");
    }
  }

  private ModelCall call(JsonBody request) {
    var model = request.requiredText("model");
    if (request.flag("stream")) {
      throw ApiError.badRequest("The simulation does not stream.");
    }
    var messages = request.objects("messages");
    if (messages.isEmpty()) {
      throw ApiError.badRequest("[] is too short - 'messages'");
    }
    var system = new StringJoiner("\n\n");
    var user = new StringJoiner("\n\n");
    for (var message : messages) {
      var role = message.choice("role", ROLES).orElseThrow(() -> JsonBody.missing("role"));
      if (role.equals("system") || role.equals("developer")) {
        system.add(content(message));
      } else if (role.equals("user")) {
        user.add(content(message));
      }
    }
    var question = new ModelQuestion(system.toString(), user.toString());
    var reply = requireNonNull(options.replies().apply(question), "reply");
    synchronized (calls) {
      var call =
          new ModelCall(
              calls.size() + 1,
              options.clock().instant(),
              model,
              question,
              reply,
              tokens(question.system()) + tokens(question.user()),
              tokens(reply));
      calls.add(call);
      return call;
    }
  }

  /// A content is a text or a list of parts, each a text.
  private static String content(JsonBody message) {
    if (!message.isArray("content")) {
      return message.requiredText("content");
    }
    var text = new StringBuilder();
    for (var part : message.objects("content")) {
      if (!part.requiredText("type").equals("text")) {
        throw ApiError.badRequest("The simulation reads parts of type 'text' only.");
      }
      text.append(part.requiredText("text"));
    }
    return text.toString();
  }

  private static long tokens(String text) {
    return (text.getBytes(StandardCharsets.UTF_8).length + 2L) / 3;
  }

  private static JsonNode completion(ModelCall call, String reply, String finishReason) {
    var json =
        GitHubJson.object()
            .put("id", "chatcmpl-" + call.number())
            .put("object", "chat.completion")
            .put("created", call.at().getEpochSecond())
            .put("model", call.model());
    var choice = json.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", reply);
    choice.put("finish_reason", finishReason);
    json.putObject("usage")
        .put("prompt_tokens", call.promptTokens())
        .put("completion_tokens", call.completionTokens())
        .put("total_tokens", call.promptTokens() + call.completionTokens());
    return json;
  }

  /// OpenAI's error bodies; what does not fit the schema is 400 there.
  private static Loopback.Outgoing error(ApiError error) {
    var status = error.status() == 422 ? 400 : error.status();
    var json = GitHubJson.object();
    json.putObject("error")
        .put("message", error.getMessage())
        .put("type", "invalid_request_error")
        .putNull("param")
        .put("code", status == 401 ? "invalid_api_key" : null);
    return Loopback.Outgoing.of(status, "application/json", json.toString());
  }
}
