import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** Amazon's DynamoDB Local, listening on this machine only: it has no option for that. */
public class LoopbackTable {
	public static void main(String[] options) throws Exception {
		var proxy = ServerRunner.createServerFromCommandLineArgs(options);
		var server = DynamoDBProxyServer.class.getDeclaredField("server");
		server.setAccessible(true);
		for (var connector : ((Server) server.get(proxy)).getConnectors()) {
			((ServerConnector) connector).setHost("127.0.0.1");
		}
		proxy.safeStart();
		// Standard input ends when the process that started this one does, however that ends.
		while (System.in.read() >= 0) {}
		Runtime.getRuntime().halt(0);
	}
}
