package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.Selection.Sense;
import dev.strongroom.gateway.authz.Statement.Effect;
import java.util.List;

/**
 * A policy ready to be asked many times. Immutable; made once for each revision of the record it stands in.
 *
 * <p>Actions come in lower case.
 */
public final class CompiledPolicy {

    private final PolicyDocument document;
    private final List<CompiledStatement> allows;
    private final List<CompiledStatement> denies;

    private CompiledPolicy(PolicyDocument document) {
        this.document = document;
        this.allows = statements(document, Effect.ALLOW);
        this.denies = statements(document, Effect.DENY);
    }

    public static CompiledPolicy of(PolicyDocument document) {
        return new CompiledPolicy(document);
    }

    /** What stands for a policy that cannot be read: who knows whom it would have kept out? So nobody gets in. */
    public static CompiledPolicy denyingAll() {
        var everything = new Selection<>(Sense.LISTED, List.of(new WildcardPattern("*")));
        var statement = new Statement(
                "",
                Effect.DENY,
                new Selection<>(Sense.LISTED, List.of(Principal.ANYONE)),
                everything,
                everything,
                List.of());
        return of(new PolicyDocument(PolicyDocument.Version.V2012_10_17, "", List.of(statement)));
    }

    /** What stands for a policy that is gone. */
    public static CompiledPolicy allowingNothing() {
        return of(new PolicyDocument(PolicyDocument.Version.V2012_10_17, "", List.of()));
    }

    private static List<CompiledStatement> statements(PolicyDocument document, Effect effect) {
        return document.statements().stream()
                .filter(statement -> statement.effect() == effect)
                .map(statement -> CompiledStatement.of(statement, document.version()))
                .toList();
    }

    /** What it was made from. */
    public PolicyDocument document() {
        return document;
    }

    /** Whether a policy that hangs on an identity allows it something. */
    boolean allows(String action, String resource, Facts facts) {
        return anyApplies(allows, action, resource, facts);
    }

    /** Whether a policy that hangs on an identity forbids it something. */
    boolean denies(String action, String resource, Facts facts) {
        return anyApplies(denies, action, resource, facts);
    }

    private static boolean anyApplies(List<CompiledStatement> statements, String action, String resource, Facts facts) {
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).applies(action, resource, facts)) {
                return true;
            }
        }
        return false;
    }

    /** What a policy that hangs on a resource gives {@code caller}. */
    Standing allowsTo(CallerPrincipal caller, String action, String resource, Facts facts) {
        var given = Standing.NONE;
        for (int i = 0; i < allows.size() && !given.direct(); i++) {
            var standing = allows.get(i).standing(caller, facts.effort());
            if (!standing.equals(Standing.NONE) && allows.get(i).applies(action, resource, facts)) {
                given = given.and(standing);
            }
        }
        return given;
    }

    /** Whether a policy that hangs on a resource forbids {@code caller} something. */
    boolean deniesTo(CallerPrincipal caller, String action, String resource, Facts facts) {
        for (int i = 0; i < denies.size(); i++) {
            if (denies.get(i).forbids(caller, facts.effort()) && denies.get(i).applies(action, resource, facts)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a policy that hangs on a resource allows a request whatever the circumstances: conditional permissions are not
     * counted on, and conditional denials are not feared. What names the account counts for its members.
     */
    boolean allowsToAlways(CallerPrincipal caller, String action, String resource, Effort effort) {
        return allows.stream()
                        .anyMatch(
                                statement -> !statement.standing(caller, effort).equals(Standing.NONE)
                                        && statement.appliesAlways(action, resource, effort))
                && denies.stream()
                        .noneMatch(statement ->
                                statement.forbids(caller, effort) && statement.appliesAlways(action, resource, effort));
    }
}
