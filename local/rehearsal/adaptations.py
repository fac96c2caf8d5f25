"""Runs ministack with what it lacks for this stack. Each adaptation says why it is there; nothing that
is deployed is changed for it."""

import json
import os
import shutil
import signal
import sys
import threading
import time

from ministack.app import main
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import cloudwatch, dynamodb
from ministack.services.cloudformation import changesets, handlers, provisioners, stacks

RESOURCES = provisioners._RESOURCE_HANDLERS


def adapt_metric_math():
    """CloudFormation's alarms with metric math are refused (`Metrics`), though CloudWatch here keeps any
    alarm. They are kept as they are written, and never evaluated."""
    plain_record = provisioners._cw_metric_alarm_record

    def record(name, props):
        metrics = props.get("Metrics")
        if not metrics:
            return plain_record(name, props)
        alarm = plain_record(name, {**props, "Metrics": None, "MetricName": "-", "Namespace": "-"})
        for of_one_metric in ("MetricName", "Namespace", "Statistic", "Period"):
            del alarm[of_one_metric]
        return {**alarm, "Metrics": metrics}

    provisioners._cw_metric_alarm_record = record


def adapt_composite_alarms():
    """CloudFormation here does not know AWS::CloudWatch::CompositeAlarm; CloudWatch here does."""

    def put(name, props):
        status, _, body = cloudwatch._put_composite_alarm({}, props, False, True)
        if status != 200:
            raise ValueError(str(body))
        return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}

    RESOURCES["AWS::CloudWatch::CompositeAlarm"] = {
        "create": lambda logical_id, props, stack_name: put(props["AlarmName"], props),
        "update": lambda name, old_props, props, stack_name: put(name, props),
        "delete": lambda name, props: cloudwatch._composite_alarms.pop(name, None),
    }


def adapt_tables():
    """CloudFormation here makes tables without time to live and recovery, and its indexes have no status."""
    plain_create = RESOURCES["AWS::DynamoDB::Table"]["create"]

    def create(logical_id, props, *rest):
        indexes = [{**one, "IndexStatus": "ACTIVE"} for one in props.get("GlobalSecondaryIndexes", [])]
        made = plain_create(logical_id, {**props, "GlobalSecondaryIndexes": indexes}, *rest)
        for call, said in (
            (dynamodb._update_ttl, "TimeToLiveSpecification"),
            (dynamodb._update_continuous_backups, "PointInTimeRecoverySpecification"),
        ):
            if said in props:
                call({"TableName": made[0], said: props[said]})
        return made

    RESOURCES["AWS::DynamoDB::Table"]["create"] = create


def adapt_rollback_triggers():
    """RollbackConfiguration is passed over. Here an update with triggers gets one more resource, after
    all others, which watches the alarms and fails when one is in ALARM; what follows is ministack's own
    rollback. A minute of watching is a second. Its type is one that ministack runs on a thread."""
    watching = "Custom::RollbackTriggers"
    triggers, over = {}, set()

    def watch(_, props, __=None):
        # A rollback brings the resource itself back to what it was.
        if props["At"] in over:
            return "watched", {}
        over.add(props["At"])
        end = time.monotonic() + float(props["Minutes"])
        while time.monotonic() < end:
            for arn in props["Arns"]:
                alarm = cloudwatch._alarms.get(arn.rpartition(":")[2])
                if alarm is None or alarm["StateValue"] == "ALARM":
                    raise ValueError(f"rollback trigger {arn} is {'in ALARM' if alarm else 'not there'}")
            time.sleep(0.05)
        return "watched", {}

    RESOURCES[watching] = {
        "create": watch,
        "update": lambda _, __, props, ___: watch(_, props),
        "delete": lambda _, __: None,
    }
    plain_create, plain_deploy = changesets._create_change_set, changesets._deploy_stack_async

    def create_change_set(params):
        def said(name):
            value = params.get(f"RollbackConfiguration.{name}")
            return value[0] if isinstance(value, list) else value

        arns = [arn for n in range(1, 6) if (arn := said(f"RollbackTriggers.member.{n}.Arn"))]
        stack = params["StackName"]
        triggers[stack[0] if isinstance(stack, list) else stack] = {
            "Arns": arns,
            "Minutes": said("MonitoringTimeInMinutes") or 0,
            "At": time.time(),
        }
        return plain_create(params)

    def deploy(name, stack_id, template, *rest, **options):
        watched = triggers.pop(name, None)
        if watched and watched["Arns"]:
            others = template["Resources"]
            last = {"Type": watching, "Properties": watched, "DependsOn": list(others)}
            template = {**template, "Resources": {**others, "RollbackTriggers": last}}
        return plain_deploy(name, stack_id, template, *rest, **options)

    handlers._ACTION_HANDLERS["CreateChangeSet"] = create_change_set
    changesets._deploy_stack_async = deploy


def adapt_cjs():
    """A handler in a file `.cjs` is not found, which AWS's runtime finds."""
    lambda_runtime._NODEJS_WORKER_SCRIPT = (
        'require.extensions[".cjs"] = require.extensions[".js"];\n' + lambda_runtime._NODEJS_WORKER_SCRIPT
    )


def adapt_updates():
    """An update kills the old version of a function in the middle of its calls; AWS lets them end."""
    plain_kill = lambda_runtime.kill_workers

    def kill_when_idle(workers):
        def wait():
            end = time.monotonic() + 15
            while any(worker.in_use for worker in workers) and time.monotonic() < end:
                time.sleep(0.02)
            plain_kill(workers)

        threading.Thread(target=wait, daemon=True).start()

    lambda_runtime.kill_workers = kill_when_idle


def adapt_batch_rights():
    """SQS's batches are asked for rights of their own, which AWS does not know: one of a message's
    actions is the right to its batch."""
    plain_action = iam_actions._action_from_target

    def action(headers):
        name = plain_action(headers)
        is_batch = name in ("ChangeMessageVisibilityBatch", "DeleteMessageBatch", "SendMessageBatch")
        return name.removesuffix("Batch") if is_batch else name

    iam_actions._action_from_target = action


def adapt_tls():
    """Calls on one machine are without TLS, which the queues' policy refuses."""
    plain_key = iam_evaluator._resolve_condition_key
    iam_evaluator._resolve_condition_key = lambda key, context: (
        "true" if key.lower() == "aws:securetransport" else plain_key(key, context)
    )


def adapt_outages():
    """Nothing of ministack can be taken away. While this file exists, DynamoDB answers 500."""
    outage = os.environ["TABLE_IS_AWAY"]
    plain_request = dynamodb.handle_request

    async def handle_request(*request):
        if os.path.exists(outage):
            error = {"__type": "InternalServerError", "message": "the table is away"}
            return 500, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(error).encode()
        return await plain_request(*request)

    dynamodb.handle_request = handle_request


def end_with_parent():
    """The functions run in processes of their own, which outlive ministack: the whole group ends when
    standard input does, with its files, however the process at its other end has ended."""

    def wait():
        sys.stdin.read()
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


end_with_parent()
adapt_metric_math()
adapt_composite_alarms()
adapt_tables()
adapt_rollback_triggers()
adapt_cjs()
adapt_updates()
adapt_batch_rights()
adapt_tls()
adapt_outages()
sys.argv = sys.argv[:1]
main()
