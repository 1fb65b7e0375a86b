"""An ItemReader takes `InputType: JSONL`: one item a line, empty lines passed over. moto knows only CSV and JSON."""
import enum
import json

from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader import item_reader_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer import (
    transformer_factory,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer.transformer_json import (
    ResourceOutputTransformerJson,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.reader_config import input_type


class InputTypeValue(enum.Enum):
    CSV = "CSV"
    JSON = "JSON"
    JSONL = "JSONL"


class JsonLines(ResourceOutputTransformerJson):
    def _eval_body(self, env):
        config = env.stack.pop()
        lines = env.stack.pop().splitlines()
        env.stack.append(json.dumps([json.loads(line) for line in lines if line.strip()]))
        env.stack.append(config)
        super()._eval_body(env)


known = transformer_factory.resource_output_transformer_for


def transformer_for(input_type):
    return JsonLines() if input_type.input_type_value == InputTypeValue.JSONL else known(input_type)


input_type.InputTypeValue = transformer_factory.InputTypeValue = InputTypeValue
item_reader_decl.resource_output_transformer_for = transformer_for
