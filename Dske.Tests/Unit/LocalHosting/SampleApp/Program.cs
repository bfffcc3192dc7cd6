using SampleApp;

// Nodes get no arguments from the orchestrator.
if (args is ["apphost", .. var appHostArguments])
{
    SampleAppHost.Run(appHostArguments);
}
else
{
    await SampleNode.RunAsync();
}
