using System.CommandLine;
using Dske.Benchmarks.Load;

var command = new RootCommand("Measures a DSKE network.")
{
    LoadCommand.Create(TimeProvider.System),
};
return await command.Parse(args).InvokeAsync();
