using Dske.Client.Endpoints;
using Dske.Client.Hosting;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(options => options.Describe(builder.Configuration));
builder.AddClient();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseSkipFront();
app.MapClient();
return await app.RunNodeAsync();
