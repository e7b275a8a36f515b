package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.ChangeCommand;
import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.GrantCommand;
import dev.strongroom.hsm.protocol.IdentityCommand;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.NodeState;
import dev.strongroom.hsm.protocol.Role;
import dev.strongroom.hsm.protocol.SessionCommand;
import dev.strongroom.hsm.protocol.UseCommand;
import java.util.Optional;

/** Who may give a command and in which state of the node. Every command has one of these, see {@link #of}. */
public enum CommandRule {
    /** Answered to anybody in every state. */
    STATUS(Optional.empty(), false),
    /** Opens a session. */
    LOGIN(Optional.empty(), true),
    /** Looks at keys or uses them; the answer leaves only if the node still holds its lease. */
    USE(Optional.of(Role.CRYPTO_USER), true),
    /** Changes keys or aliases; a majority has agreed before it is answered. */
    CHANGE(Optional.of(Role.CRYPTO_USER), false),
    /** Changes who callers are. */
    IDENTITY_CHANGE(Optional.of(Role.IDENTITY_ADMIN), false);

    private static final Command.Visitor<CommandRule> TABLE = new Table();
    private static final SessionCommand.Visitor<CommandRule> SESSION_TABLE = new SessionTable();
    private static final ImportCommand.Visitor<CommandRule> IMPORT_TABLE = new ImportTable();

    private static final GrantCommand.Visitor<CommandRule> GRANT_TABLE = new GrantTable();

    private final Optional<Role> role;
    private final boolean answersUnderLease;

    CommandRule(Optional<Role> role, boolean answersUnderLease) {
        this.role = role;
        this.answersUnderLease = answersUnderLease;
    }

    public static CommandRule of(Command<?> command) {
        return command.accept(TABLE);
    }

    /** The role that the session's user must have; empty if no session is needed. */
    public Optional<Role> role() {
        return role;
    }

    public boolean allows(NodeState state) {
        return state == NodeState.OPERATIONAL || this == STATUS;
    }

    /** Whether the node must still be operational when the answer leaves. */
    boolean answersUnderLease() {
        return answersUnderLease;
    }

    private static final class Table implements Command.Visitor<CommandRule> {

        @Override
        public CommandRule session(SessionCommand<?> command) {
            return command.accept(SESSION_TABLE);
        }

        @Override
        public CommandRule lookup(LookupCommand<?> command) {
            return USE;
        }

        @Override
        public CommandRule use(UseCommand<?> command) {
            return USE;
        }

        @Override
        public CommandRule change(ChangeCommand<?> command) {
            return CHANGE;
        }

        @Override
        public CommandRule material(ImportCommand<?> command) {
            return command.accept(IMPORT_TABLE);
        }

        @Override
        public CommandRule grant(GrantCommand<?> command) {
            return command.accept(GRANT_TABLE);
        }

        @Override
        public CommandRule identity(IdentityCommand<?> command) {
            return IDENTITY_CHANGE;
        }
    }

    private static final class SessionTable implements SessionCommand.Visitor<CommandRule> {

        @Override
        public CommandRule login(SessionCommand.Login command) {
            return LOGIN;
        }

        @Override
        public CommandRule describeNode(SessionCommand.DescribeNode command) {
            return STATUS;
        }
    }

    private static final class ImportTable implements ImportCommand.Visitor<CommandRule> {

        @Override
        public CommandRule makeImportParameters(ImportCommand.MakeImportParameters command) {
            return USE;
        }

        @Override
        public CommandRule importMaterial(ImportCommand.ImportMaterial command) {
            return CHANGE;
        }

        @Override
        public CommandRule deleteMaterial(ImportCommand.DeleteMaterial command) {
            return CHANGE;
        }
    }

    private static final class GrantTable implements GrantCommand.Visitor<CommandRule> {

        @Override
        public CommandRule findGrant(GrantCommand.FindGrant command) {
            return USE;
        }

        @Override
        public CommandRule findGrants(GrantCommand.FindGrants command) {
            return USE;
        }

        @Override
        public CommandRule listGrants(GrantCommand.ListGrants command) {
            return USE;
        }

        @Override
        public CommandRule listRetirableGrants(GrantCommand.ListRetirableGrants command) {
            return USE;
        }

        @Override
        public CommandRule createGrant(GrantCommand.CreateGrant command) {
            return CHANGE;
        }

        @Override
        public CommandRule revokeGrant(GrantCommand.RevokeGrant command) {
            return CHANGE;
        }

        @Override
        public CommandRule retireGrant(GrantCommand.RetireGrant command) {
            return CHANGE;
        }
    }
}
