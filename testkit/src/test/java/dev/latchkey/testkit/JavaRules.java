package dev.latchkey.testkit;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/// The rules about one Java file: its sizes, its names, what it must not call, and its Javadoc.
final class JavaRules extends TreeScanner<Void, Void> {
  static final int METHOD_LINES = 70;
  static final int FILE_LINES = 500;
  static final int COLUMNS = 100;
  static final int PARAMETERS = 5;

  private static final Set<String> REFUSED_WORDS =
      Set.of("Manager", "Helper", "Util", "Utils", "Impl", "Base", "Data", "Info");
  private static final Set<String> REFUSED_CALLS =
      Set.of("Instant.now", "System.currentTimeMillis", "Thread.sleep");
  private static final Set<String> REFUSED_ANNOTATIONS = Set.of("Disabled", "Ignore");
  private static final Pattern WORD_BORDER = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  private final JavaSource source;
  private final List<Violation> found = new ArrayList<>();
  private boolean inRecord;

  private JavaRules(JavaSource source) {
    this.source = source;
  }

  static List<Violation> check(JavaSource source) {
    JavaRules rules = new JavaRules(source);
    rules.checkLines();
    rules.scan(source.unit(), null);
    return rules.found;
  }

  private void checkLines() {
    int number = 0;
    int code = 0;
    for (String line : source.text().lines().toList()) {
      number++;
      String stripped = line.strip();
      // Imports can't be broken into lines.
      if (line.codePointCount(0, line.length()) > COLUMNS && !stripped.startsWith("import ")) {
        add(number, "line-length", line.length() + " columns, limit " + COLUMNS);
      }
      if (LEFTOVER.matcher(line).find()) {
        add(number, "leftover", stripped);
      }
      if (source.isMain() && stripped.startsWith("/*" + "*")) {
        add(number, "javadoc", "a /*" + "* comment, Javadoc is written in ///");
      }
      boolean comment =
          stripped.startsWith("//") || stripped.startsWith("/*") || stripped.startsWith("* ");
      code += stripped.isEmpty() || comment ? 0 : 1;
    }
    if (code > FILE_LINES) {
      add(1, "file-length", code + " lines of code, limit " + FILE_LINES);
    }
  }

  @Override
  public Void visitClass(ClassTree type, Void unused) {
    String name = type.getSimpleName().toString();
    if (!name.isEmpty()) {
      checkTypeName(type, name);
      if (source.isMain()) {
        checkDeclaration(type, name);
      }
    }
    for (Tree member : type.getMembers()) {
      if (member instanceof BlockTree block) {
        checkLength(block, "an initialiser");
      }
    }
    boolean outer = inRecord;
    inRecord = type.getKind() == Tree.Kind.RECORD;
    super.visitClass(type, null);
    inRecord = outer;
    return null;
  }

  private void checkTypeName(ClassTree type, String name) {
    List<String> words = WORD_BORDER.splitAsStream(name).toList();
    for (String word : List.of(words.getFirst(), words.getLast())) {
      if (REFUSED_WORDS.contains(word)) {
        add(type, "type-name", name + " says " + word + ", which says nothing");
        return;
      }
    }
    if (type.getKind() == Tree.Kind.INTERFACE && name.matches("I[A-Z][a-z].*")) {
      add(type, "type-name", name + " begins with the I of interface");
    }
  }

  private void checkDeclaration(ClassTree type, String name) {
    Set<Modifier> modifiers = type.getModifiers().getFlags();
    boolean open =
        type.getKind() == Tree.Kind.CLASS
            && modifiers.stream()
                .noneMatch(
                    Set.of(Modifier.FINAL, Modifier.ABSTRACT, Modifier.SEALED, Modifier.NON_SEALED)
                        ::contains);
    if (open) {
      add(type, "class-final", name + " is neither final, abstract nor sealed");
    }
    if (modifiers.contains(Modifier.PUBLIC) && !hasJavadoc(type)) {
      add(type, "javadoc", name + " is public and has no /// above it");
    }
  }

  private boolean hasJavadoc(ClassTree type) {
    List<String> lines = source.text().lines().toList();
    int above = source.firstLine(type) - 2;
    return above >= 0 && lines.get(above).strip().startsWith("///");
  }

  @Override
  public Void visitMethod(MethodTree method, Void unused) {
    checkLength(method, method.getName().toString());
    boolean overrides = hasAnnotation(method, "Override");
    // A record is what many parameters are to become, so its constructor has them.
    boolean ofRecord = inRecord && method.getName().contentEquals("<init>");
    int parameters = method.getParameters().size();
    if (parameters > PARAMETERS && !overrides && !ofRecord) {
      add(
          method,
          "parameters",
          "%s has %d, limit %d: make a record".formatted(method.getName(), parameters, PARAMETERS));
    }
    boolean getter =
        method.getName().toString().matches("get[A-Z].*") && parameters == 0 && !overrides;
    if (getter && source.isMain()) {
      add(method, "accessor", method.getName() + ": accessors have no get");
    }
    return super.visitMethod(method, null);
  }

  private void checkLength(Tree tree, String name) {
    int lines = source.lastLine(tree) - source.firstLine(tree) + 1;
    if (lines > METHOD_LINES) {
      add(tree, "method-length", "%s has %d lines, limit %d".formatted(name, lines, METHOD_LINES));
    }
  }

  private static boolean hasAnnotation(MethodTree method, String name) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> lastName(annotation.getAnnotationType().toString()).equals(name));
  }

  @Override
  public Void visitAnnotation(AnnotationTree annotation, Void unused) {
    String name = lastName(annotation.getAnnotationType().toString());
    if (REFUSED_ANNOTATIONS.contains(name)) {
      add(annotation, "skipped-test", "@" + name);
    }
    return super.visitAnnotation(annotation, null);
  }

  @Override
  public Void visitMemberSelect(MemberSelectTree select, Void unused) {
    checkCall(select, select.getExpression(), select.getIdentifier().toString());
    return super.visitMemberSelect(select, null);
  }

  @Override
  public Void visitMemberReference(MemberReferenceTree reference, Void unused) {
    checkCall(reference, reference.getQualifierExpression(), reference.getName().toString());
    return super.visitMemberReference(reference, null);
  }

  /// An import is a member select too, so a static import of a refused call is found as well.
  @Override
  public Void visitImport(ImportTree tree, Void unused) {
    return tree.isStatic() ? super.visitImport(tree, null) : null;
  }

  private void checkCall(Tree tree, Tree on, String member) {
    String call = lastName(on.toString()) + "." + member;
    boolean sleep = member.equals("sleep") && on.toString().contains("TimeUnit");
    if (REFUSED_CALLS.contains(call) || sleep) {
      add(tree, "refused-call", call + ": pass an InstantSource in, wait for what you wait for");
    }
  }

  private static String lastName(String qualified) {
    return qualified.substring(qualified.lastIndexOf('.') + 1);
  }

  private void add(Tree tree, String rule, String what) {
    found.add(source.violation(tree, rule, what));
  }

  private void add(int line, String rule, String what) {
    found.add(new Violation(source.file(), line, rule, what));
  }
}
