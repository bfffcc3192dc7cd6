using Dske.Cli;
using Dske.Cli.CommandLine;

return (int)await DskeCommand.RunAsync(args, CommandContext.OfThisProcess());
