import {
  collections,
  operationPath,
  operations,
  type OperationName,
  type OperationSpec,
} from '@xendeck/contract'

/** `/vms/:id/force-shut-down`, `/connections`. */
export function operationRoute(name: OperationName): string {
  const spec: OperationSpec = operations[name]
  const collection = `/${collections[spec.kind]}`
  return spec.creates ? collection : `${collection}/:id/${operationPath(name)}`
}
