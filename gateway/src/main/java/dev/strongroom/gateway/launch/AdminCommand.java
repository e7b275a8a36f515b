package dev.strongroom.gateway.launch;

import dev.strongroom.gateway.admin.AdminAction;
import dev.strongroom.gateway.admin.AdminParameter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code strongroom admin KIND VERB}, made from the table of {@link AdminAction}. */
final class AdminCommand {

    private AdminCommand() {}

    /** All of it. */
    static CommandSpec spec() {
        var admin = group("admin", "Says who callers are: accounts, users, roles, access keys, policies.");
        Map<String, CommandSpec> kinds = new LinkedHashMap<>();
        for (var action : AdminAction.values()) {
            kinds.computeIfAbsent(action.kind(), kind -> group(kind, "Shows and changes " + things(kind) + "."))
                    .addSubcommand(action.verb(), leaf(action));
        }
        kinds.forEach(admin::addSubcommand);
        return admin;
    }

    private static String things(String kind) {
        return switch (kind) {
            case "access-key" -> "access keys of users and of the account's root";
            case "policy" -> "managed policies";
            case "oidc-provider" -> "issuers of OpenID Connect tokens";
            default -> kind + "s";
        };
    }

    private static CommandSpec group(String name, String description) {
        var missing = new Missing();
        var spec = described(CommandSpec.wrapWithoutInspection(missing), name, description);
        missing.spec = spec;
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        return spec;
    }

    private static CommandSpec leaf(AdminAction action) {
        var call = new AdminCall(action);
        var spec = described(CommandSpec.wrapWithoutInspection(call), action.verb(), action.description());
        call.ranIn(spec);
        boolean first = true;
        for (var parameter : action.required()) {
            if (first) {
                spec.addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .paramLabel(parameter.label())
                        .type(String.class)
                        .description(parameter.description())
                        .required(true)
                        .build());
            } else {
                spec.addOption(option(parameter, true));
            }
            first = false;
        }
        action.optional().forEach(parameter -> spec.addOption(option(parameter, false)));
        if (!action.required().contains(AdminParameter.ACCOUNT)) {
            spec.addOption(option(AdminParameter.ACCOUNT, false));
        }
        spec.addOption(text(
                AdminCall.CONFIG, "FILE", "The cluster's administrator, as hsm init made it: straight to the nodes."));
        spec.addOption(text(
                AdminCall.ENDPOINT,
                "URL",
                "A gateway or dev: as the account root of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
                        + " Default: what AWS_ENDPOINT_URL_KMS says."));
        return spec;
    }

    private static CommandSpec described(CommandSpec spec, String name, String description) {
        spec.name(name).mixinStandardHelpOptions(true);
        spec.usageMessage()
                .description(description)
                .exitCodeListHeading(ExitCodes.HEADING)
                .exitCodeList(exitCodes());
        return spec;
    }

    /** In this order. */
    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        codes.put("0", after(ExitCodes.ON_DONE));
        codes.put("1", after(ExitCodes.ON_REFUSED));
        codes.put("2", after(ExitCodes.ON_USAGE));
        return codes;
    }

    private static String after(String code) {
        return code.substring(code.indexOf(':') + 1);
    }

    private static OptionSpec option(AdminParameter parameter, boolean required) {
        var option = OptionSpec.builder("--" + parameter.option())
                .description(parameter.description())
                .required(required);
        return (switch (parameter.form()) {
                    case TEXT -> option.type(String.class).paramLabel(parameter.label());
                    case NUMBER -> option.type(Integer.class).paramLabel("NUMBER");
                    case FLAG -> option.type(boolean.class);
                    case LIST ->
                        option.type(List.class).auxiliaryTypes(String.class).paramLabel(parameter.label());
                    case MAP ->
                        option.type(Map.class)
                                .auxiliaryTypes(String.class, String.class)
                                .paramLabel("KEY=VALUE");
                    case DOCUMENT -> option.type(Path.class).paramLabel("FILE");
                })
                .build();
    }

    private static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** What a group does by itself. */
    private static final class Missing implements Runnable {
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new MissingCommandException(spec);
        }
    }
}
