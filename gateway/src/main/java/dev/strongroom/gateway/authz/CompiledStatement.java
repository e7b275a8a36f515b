package dev.strongroom.gateway.authz;

import dev.strongroom.gateway.authz.PolicyDocument.Version;
import dev.strongroom.gateway.authz.Selection.Sense;
import dev.strongroom.gateway.authz.Statement.Effect;
import java.util.List;

/** A {@link Statement} ready to be asked. */
final class CompiledStatement {

    private final Effect effect;
    private final Selection<Principal> principals;
    private final Selection<WildcardPattern> actions;
    private final Selection<Template> resources;
    private final List<ConditionTest> conditions;

    private CompiledStatement(Statement statement, Version version) {
        this.effect = statement.effect();
        this.principals = statement.principals();
        this.actions = statement.actions();
        this.resources = new Selection<>(
                statement.resources().sense(),
                statement.resources().elements().stream()
                        .map(pattern -> Template.of(pattern.text(), version))
                        .toList());
        this.conditions = statement.conditions().stream()
                .map(condition -> ConditionTest.of(condition, version))
                .toList();
    }

    static CompiledStatement of(Statement statement, Version version) {
        return new CompiledStatement(statement, version);
    }

    Effect effect() {
        return effect;
    }

    /** What it gives {@code caller} by naming it, were the rest to apply: for statements that allow. */
    Standing standing(CallerPrincipal caller, Effort effort) {
        var elements = principals.elements();
        effort.spend(1L + elements.size());
        var standing = Standing.NONE;
        for (int i = 0; i < elements.size(); i++) {
            standing = standing.and(Standing.of(elements.get(i), caller));
        }
        if (principals.sense() == Sense.LISTED) {
            return standing;
        }
        // Everyone else is anyone, but nobody whom a listed name may mean, be it through its role or account.
        return standing.equals(Standing.NONE) ? Standing.ofAnyone(caller) : Standing.NONE;
    }

    /**
     * Whether it forbids {@code caller} something, were the rest to apply: for statements that deny. All but the listed
     * means all who are not listed with each of their names: a user with its account, a session with its role and account
     * (IAM user guide, "NotPrincipal with Deny"). A name short denies, as IAM may look at either first.
     */
    boolean forbids(CallerPrincipal caller, Effort effort) {
        var elements = principals.elements();
        effort.spend(1L + elements.size());
        if (principals.sense() == Sense.LISTED) {
            for (int i = 0; i < elements.size(); i++) {
                if (!Standing.of(elements.get(i), caller).equals(Standing.NONE)) {
                    return true;
                }
            }
            return false;
        }
        return !elements.contains(Principal.ANYONE) && !caller.isListedByEachName(elements);
    }

    /**
     * Whether it is about this action on this resource now, whoever asks.
     *
     * @param action in lower case
     */
    boolean applies(String action, String resource, Facts facts) {
        return selectsAction(action, facts.effort()) && selectsResource(resource, facts) && hold(facts);
    }

    /** As {@link #applies} without looking at what may differ from request to request. */
    boolean appliesAlways(String action, String resource, Effort effort) {
        return conditions.isEmpty()
                && resources.elements().stream().allMatch(Template::isConstant)
                && selectsAction(action, effort)
                && resources.elements().stream()
                                .map(Template::constantPattern)
                                .anyMatch(pattern -> pattern.matches(resource, effort))
                        == (resources.sense() == Sense.LISTED);
    }

    private boolean selectsAction(String action, Effort effort) {
        var elements = actions.elements();
        boolean isListed = false;
        for (int i = 0; i < elements.size() && !isListed; i++) {
            isListed = elements.get(i).matches(action, effort);
        }
        return isListed == (actions.sense() == Sense.LISTED);
    }

    private boolean selectsResource(String resource, Facts facts) {
        var elements = resources.elements();
        boolean isListed = false;
        for (int i = 0; i < elements.size() && !isListed; i++) {
            var pattern = elements.get(i).pattern(facts);
            isListed = pattern.isPresent() && pattern.get().matches(resource, facts.effort());
        }
        return isListed == (resources.sense() == Sense.LISTED);
    }

    private boolean hold(Facts facts) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).holds(facts, effect)) {
                return false;
            }
        }
        return true;
    }
}
